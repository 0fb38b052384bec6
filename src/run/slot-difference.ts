import { formatCount } from '../core/count-text.ts';
import { statSync } from '../core/disk.ts';
import { namesFor, type Warn } from '../core/problem.ts';
import { hashFile, type Slot, type SlotChange } from '../output/index.ts';

/** What a run has made of the slots that were there when it began. */
export class SlotDifference {
  readonly #old: ReadonlyMap<string, Slot>;
  readonly #changes = new Map<string, SlotChange>();
  /** Slots written anew whose files were no longer, or never, what the manifest says. */
  readonly #edited: string[] = [];

  constructor(old: readonly Slot[]) {
    this.#old = new Map(old.map((slot) => [slot.slot, slot]));
  }

  get changes(): SlotChange[] {
    return [...this.#changes.values()];
  }

  /** Slots of the manifest into which no record of this run fell. */
  get untouched(): string[] {
    return [...this.#old.keys()].filter((slot) => !this.#changes.has(slot));
  }

  /** A slot that is there is written anew. @param known what the manifest says of it */
  replaces(slot: string, file: string, known: Slot | undefined): void {
    if (!isAsWritten(file, known)) this.#edited.push(slot);
  }

  note({ slot, records, sha256 }: Slot): void {
    const before = this.#old.get(slot);
    const change = before === undefined ? 'new' : before.sha256 === sha256 ? 'same' : 'changed';
    this.#changes.delete(slot); // it stands where it was last written
    this.#changes.set(slot, { slot, change, records, before: before?.records });
  }

  /** Says what --replace-slots has changed: what the slots had wrong, or their sources have no more. */
  say(where: string, warn: Warn): void {
    const changed = this.changes.filter(({ change }) => change === 'changed');
    const { untouched } = this;
    const named = changed.map(
      ({ slot, records, before }) => `${slot} ${formatCount(records)} records (before: ${formatCount(before ?? 0)})`,
    );
    const said = [
      sentence(
        changed.length,
        (slots, verb) => `${slots} ${verb('differs', 'differ')} from before: ${namesFor(named)}`,
      ),
      sentence(
        this.#edited.length,
        (slots, verb) =>
          `${slots} that something else had written to ${verb('was', 'were')} replaced: ${namesFor(this.#edited)}`,
      ),
      sentence(untouched.length, (slots) => `no record fell into ${slots}, left as they were`),
    ].filter((each) => each !== '');
    if (said.length > 0) warn({ code: 'note', where, what: said.join('; ') });
  }
}

type Verb = (one: string, many: string) => string;

/** What is said of so many slots; '' of none. */
function sentence(count: number, say: (slots: string, verb: Verb) => string): string {
  if (count === 0) return '';
  const verb: Verb = (one, many) => (count === 1 ? one : many);
  return say(`${count} ${verb('slot', 'slots')}`, verb);
}

/** Whether a file still holds what the manifest says of it. */
function isAsWritten(file: string, slot: Slot | undefined): boolean {
  try {
    const stat = statSync(file);
    return stat.isFile() && stat.size === slot?.bytes && hashFile(file).sha256 === slot.sha256;
  } catch {
    // What cannot be read is replaced all the same.
    return false;
  }
}
