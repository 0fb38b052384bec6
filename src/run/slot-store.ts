import { join } from 'node:path';
import { statSync } from '../core/disk.ts';
import { formatInstantShort } from '../core/instant.ts';
import { TsalignError } from '../core/problem.ts';
import {
  hashFile,
  type Manifest,
  manifestPath,
  manifestText,
  OWN_FOLDER,
  readManifest,
  type Slot,
  type SlotChange,
  type SlotFolder,
  type SlotKind,
  type SlotsDone,
} from '../output/index.ts';
import type { Plan, SlotsPlan } from '../plan.ts';
import type { Rename } from '../state/index.ts';
import { NEW_ONLY } from './output-files.ts';
import type { Run } from './run.ts';
import type { Written } from './slot-blocks.ts';

/** A slot that is there, to be added to. */
export interface Existing {
  slot: Slot;
  file: string;
  index: string;
}

/** The slots of a folder: which of them may be written, and what is known of them. */
export class SlotStore implements SlotsDone {
  readonly folder: SlotFolder;
  readonly #run: Run;
  readonly #plan: SlotsPlan;
  /** The state under which slots are written. */
  readonly #state: string | undefined;
  readonly #labels: string[];
  readonly #kind: SlotKind;
  readonly #before: Manifest | undefined;
  readonly #slots = new Map<string, Slot>();
  /** The slots of the manifest that was there, and what became of them and of others, by path. */
  readonly #old: ReadonlyMap<string, Slot>;
  readonly #changes = new Map<string, SlotChange>();
  /** Slots written anew whose files were no longer, or never, what the manifest says. */
  readonly #edited: string[] = [];
  /** Slots that are complete, and not in their places yet, by path. */
  readonly #ended = new Map<string, Existing>();

  /** @throws TsalignError 'output' where the folder holds slots of another kind */
  constructor(run: Run, plan: Plan, folder: SlotFolder) {
    this.folder = folder;
    this.#run = run;
    this.#plan = plan.output.slots as SlotsPlan;
    this.#state = plan.kept?.document.id;
    const { names, splitBy } = this.#plan;
    this.#kind = {
      format: plan.output.format,
      names,
      splitBy,
      zone: plan.output.zone.name,
      compression: plan.output.compression ?? 'none',
    };
    this.#before = readManifest(folder.root);
    this.#old = new Map((this.#before?.slots ?? []).map((slot) => [slot.slot, slot]));
    for (const [path, slot] of this.#old) this.#slots.set(path, slot);
    this.#labels = labelsOf(plan);
    if (this.#before !== undefined) this.#requireKind(this.#before);
  }

  /** Labels in the order of ties. */
  get labels(): readonly string[] {
    return this.#labels;
  }

  get changes(): SlotChange[] {
    return [...this.#changes.values()];
  }

  /** Slots of the manifest into which no record of this run fell. */
  get untouched(): string[] {
    return [...this.#old.keys()].filter((slot) => !this.#changes.has(slot));
  }

  /**
   * Whether a slot may be written. Returns what it is to be added to, if anything.
   * @throws TsalignError 'output' or 'state' where it is there and may not be touched
   */
  begin(slot: string): Existing | undefined {
    const ended = this.#ended.get(slot);
    if (ended !== undefined) return ended;
    const file = join(this.folder.root, slot);
    const known = this.#slots.get(slot);
    const isThere = this.folder.isThere(file);
    const isOurs = known?.state !== undefined && known.state === this.#state;
    if (this.#plan.replace) {
      if (this.#state === undefined && known?.state !== undefined) throw refusal(file, 'owned');
      if (isThere && !isAsWritten(file, known)) this.#edited.push(slot);
      return undefined;
    }
    if (isThere && isOurs) return { slot: known, file, index: this.#indexOf(slot) };
    if (isThere) throw refusal(file, this.#state === undefined ? 'exists' : 'unknown');
    if (known !== undefined)
      this.#run.io.warn({ code: 'note', where: file, what: 'is not there any more', hint: NEW_ONLY });
    return undefined;
  }

  /** Takes note of a slot that is complete, and of what it was before. */
  end(path: string, files: { file: string; index: string | undefined }, written: Written): void {
    const { bytes, sha256, first, last, tally, index } = written;
    const sources = this.#countSources(tally);
    const records = Object.values(sources).reduce((sum, count) => sum + count, 0);
    const slot: Slot = {
      slot: path,
      records,
      bytes,
      sha256,
      first: formatInstantShort(first),
      last: formatInstantShort(last),
      sources,
      ...(index === undefined ? {} : { state: this.#state as string, index }),
    };
    this.#note(slot);
    this.#slots.set(path, slot);
    this.#ended.set(path, { slot, file: files.file, index: files.index ?? '' });
  }

  /** Writes the manifest. Returns what is to be renamed so that the slots that have ended, and it, are in their places. */
  seal(): Rename[] {
    if (this.#ended.size === 0) return [];
    const renames: Rename[] = [];
    for (const [path, { file, index }] of this.#ended) {
      const to = join(this.folder.root, path);
      this.folder.requireInside(to);
      renames.push({ from: file, to });
      if (index !== '') renames.push({ from: index, to: this.#indexOf(path) });
    }
    const to = manifestPath(this.folder.root);
    const slots = [...this.#slots.values()];
    const manifest: Manifest = { manifest: 1, ...this.#kind, sources: this.#labels, slots };
    renames.push({ from: this.folder.writeAside(manifestText(manifest), to), to });
    this.folder.sync();
    this.#ended.clear();
    return renames;
  }

  /** Says what --replace-slots has changed: what the slots had wrong, or their sources have no more. */
  sayDifference(): void {
    const changed = this.changes.filter(({ change }) => change === 'changed');
    const { untouched } = this;
    if (!this.#plan.replace) return;
    const named = changed.map(({ slot, records, before }) => `${slot} ${records} records (before: ${before})`);
    const said = [
      sentence(changed.length, (slots, verb) => `${slots} ${verb('differs', 'differ')} from before: ${firstOf(named)}`),
      sentence(
        this.#edited.length,
        (slots, verb) =>
          `${slots} that something else had written to ${verb('was', 'were')} replaced: ${firstOf(this.#edited)}`,
      ),
      sentence(untouched.length, (slots) => `no record fell into ${slots}, left as they were`),
    ].filter((each) => each !== '');
    if (said.length > 0) this.#run.io.warn({ code: 'note', where: this.folder.root, what: said.join('; ') });
  }

  #indexOf(slot: string): string {
    return join(this.folder.root, OWN_FOLDER, 'index', `${slot}.index`);
  }

  #countSources(tally: readonly number[]): Record<string, number> {
    const counts = this.#labels.map((label, rank) => [label, tally[rank] ?? 0] as const);
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  #note({ slot, records, sha256 }: Slot): void {
    const before = this.#old.get(slot);
    const change = before === undefined ? 'new' : before.sha256 === sha256 ? 'same' : 'changed';
    this.#changes.delete(slot); // it stands where it was last written
    this.#changes.set(slot, { slot, change, records, before: before?.records });
  }

  #requireKind(before: Manifest): void {
    const kind = this.#kind;
    const field = (Object.keys(kind) as (keyof SlotKind)[]).find((name) => before[name] !== kind[name]);
    if (field === undefined || before.slots.length === 0) return;
    throw new TsalignError({
      code: 'output',
      where: this.folder.root,
      what: `holds slots of another kind: ${field} ${before[field]}, where this run has ${kind[field]}`,
      hint: 'write to a folder of their own',
    });
  }
}

/** Slots that a message names; --report has all. */
const MOST_NAMED = 3;

function firstOf(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : '';
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
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

/** As the state has them, then as they come. */
function labelsOf({ kept, sources }: Plan): string[] {
  return [...new Set([...(kept?.document.labels ?? []), ...sources.map(({ label }) => label)])];
}

const REFUSALS = {
  owned: {
    code: 'output',
    what: 'is written by runs with a state, which would not know of the change',
    hint: 'give their --state, too: it then begins anew',
  },
  exists: { code: 'output', what: 'this slot exists', hint: '--replace-slots writes it anew from these sources' },
  unknown: {
    code: 'state',
    what: 'this slot exists, and the state knows nothing of it',
    hint: '--replace-slots writes slots anew from all that the sources hold',
  },
} as const;

const refusal = (where: string, why: keyof typeof REFUSALS): TsalignError =>
  new TsalignError({ where, ...REFUSALS[why] });
