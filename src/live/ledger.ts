import { highWord, lowWord } from '../core/instant.ts';
import type { SourceState, StateDocument } from '../state/index.ts';
import type { Marks, Written } from './marks.ts';

/** Files that are over are known again, but no more than so many. */
const MOST_KNOWN = 1000;

/** The files that are read no longer, or not yet, as a state knows them. */
export class Ledger {
  readonly #document: StateDocument;
  /** Of those of which something may be held. */
  readonly #marks = new Map<number, Marks>();

  constructor(document: StateDocument) {
    this.#document = document;
  }

  /** The next number for a file. */
  nextId(): number {
    return this.#document.nextId++;
  }

  get upToNow(): number {
    return this.#document.nextId;
  }

  get files(): readonly SourceState[] {
    return this.#document.sources;
  }

  /** A file is over, or goes on under another name: this is how far it was read. */
  add(entry: SourceState, marks?: Marks): void {
    this.remove(entry);
    this.#document.sources.push(entry);
    if (marks !== undefined) this.#marks.set(entry.id, marks);
    const { sources } = this.#document;
    const oldest = sources.find(({ id, again }) => again === undefined && !this.#marks.has(id));
    if (sources.length > MOST_KNOWN && oldest !== undefined) this.remove(oldest);
  }

  /** A file is read on. Returns the marks of what may be held of it. */
  remove({ id }: SourceState): Marks | undefined {
    const marks = this.#marks.get(id);
    this.#marks.delete(id);
    this.#document.sources = this.#document.sources.filter((each) => each.id !== id);
    return marks;
  }

  /** The files as the state is to know them. */
  entries(written: Written): SourceState[] {
    return this.#document.sources.map((entry) => {
      const marks = this.#marks.get(entry.id);
      if (marks === undefined) return entry;
      const { again, ...done } = entryAt(entry, marks, written);
      if (again === undefined) this.#marks.delete(entry.id);
      return again === undefined ? done : { ...done, again };
    });
  }
}

/** A file that was read so far, with the place from which a run has to read it again that does not have what is held. */
export function entryAt(entry: SourceState, marks: Marks | undefined, written: Written): SourceState {
  if (marks === undefined) return entry;
  const place = marks.takeUp(written);
  const until = [highWord(written.instant), lowWord(written.instant)] as const;
  return { ...entry, again: place && { ...place, until } };
}
