import { join } from 'node:path';
import { formatInstantShort, type Instant } from '../core/instant.ts';
import { TsalignError } from '../core/problem.ts';
import type { SourceRanks } from '../kernel/slot-block.ts';
import {
  type Manifest,
  manifestPath,
  manifestText,
  OWN_FOLDER,
  readManifest,
  type Slot,
  type SlotChange,
  type SlotFolder,
  type SlotKind,
  type SlotLimits,
  type SlotsDone,
} from '../output/index.ts';
import type { Plan, SlotsPlan } from '../plan.ts';
import type { Rename } from '../state/index.ts';
import { NEW_ONLY } from './output-files.ts';
import type { Run } from './run.ts';
import type { Written } from './slot-blocks.ts';
import { SlotDifference } from './slot-difference.ts';

/** A slot that is there, to be added to. */
export interface Existing {
  slot: Slot;
  file: string;
  index: string;
  /** How much of its files is valid, where they may hold more. */
  limits?: SlotLimits | undefined;
}

/** The slots of a folder: which of them may be written, and what is known of them. */
export class SlotStore implements SlotsDone {
  readonly folder: SlotFolder;
  readonly #run: Run;
  readonly #plan: Plan;
  readonly #replaces: boolean;
  /** The state under which slots are written, or the run that follows without one. */
  readonly #owner: Pick<Slot, 'state' | 'run'>;
  readonly #kind: SlotKind;
  /** The process that follows sources, and writes slots behind those that are final. */
  readonly #follower: string | undefined;
  readonly #difference: SlotDifference;
  #finalUpTo: string | undefined;
  /** Which manifest was read. */
  #seen = '';
  #slots = new Map<string, Slot>();
  /** Slots that are complete, and not in their places yet, by path. */
  readonly #ended = new Map<string, Existing>();

  /**
   * @param follower the process that follows sources and writes slots there, if another one does
   * @throws TsalignError 'output' where the folder holds slots of another kind
   */
  constructor(run: Run, plan: Plan, folder: SlotFolder, follower?: string) {
    this.folder = folder;
    this.#run = run;
    this.#plan = plan;
    this.#follower = follower;
    this.#owner = ownerOf(plan);
    const { names, splitBy, replace } = plan.output.slots as SlotsPlan;
    this.#replaces = replace;
    this.#kind = {
      format: plan.output.format,
      names,
      splitBy,
      zone: plan.output.zone.name,
      compression: plan.output.compression ?? 'none',
    };
    this.refresh();
    const others = [...this.#slots.values()].filter(({ status }) => follower === undefined || status === 'final');
    this.#difference = new SlotDifference(others);
  }

  /** Reads the manifest, which others may have changed. @throws TsalignError 'output' as the constructor does */
  refresh(): void {
    this.#seen = this.folder.manifestVersion;
    const manifest = readManifest(this.folder.root);
    this.#slots = new Map((manifest?.slots ?? []).map((slot) => [slot.slot, slot]));
    this.#finalUpTo = manifest?.finalUpTo;
    if (manifest !== undefined) this.#requireKind(manifest);
  }

  /** Reads the manifest if somebody has replaced it since. Returns whether it was. */
  refreshIfChanged(): boolean {
    if (this.folder.manifestVersion === this.#seen) return false;
    this.refresh();
    return true;
  }

  /** Labels in the order of ties: as the state has them, then as they come. */
  get labels(): string[] {
    const { kept, sources } = this.#plan;
    return [...new Set([...(kept?.document.labels ?? []), ...sources.map(({ label }) => label)])];
  }

  /** By the number of each source, what puts records of one instant in order. */
  get ranks(): SourceRanks {
    const { sources } = this.#plan;
    const ranks = new Map(this.labels.map((label, rank) => [label, rank]));
    return {
      label: Int32Array.from(sources, ({ label }) => ranks.get(label) as number),
      file: Int32Array.from(sources, ({ taking }, index) => taking.entry?.id ?? index),
    };
  }

  get changes(): SlotChange[] {
    return this.#difference.changes;
  }

  get untouched(): string[] {
    return this.#difference.untouched;
  }

  /** Slots of the manifest to which more may come. */
  get open(): Slot[] {
    return [...this.#slots.values()].filter((slot) => slot.status === 'open' && this.#isOurs(slot));
  }

  /**
   * Whether a slot may be written. Returns what it is to be added to, if anything.
   * @param end where the next one begins; undefined beyond all keys
   * @throws TsalignError 'output' or 'state' where it is there and may not be touched; 'locked' where it belongs to a run that follows
   */
  begin(slot: string, end: Instant | undefined): Existing | undefined {
    const ended = this.#ended.get(slot);
    if (ended !== undefined) return ended;
    this.#requireFinal(slot, end);
    const file = join(this.folder.root, slot);
    const known = this.#slots.get(slot);
    const isThere = this.folder.isThere(file);
    if (this.#replaces) {
      if (this.#owner.state === undefined && known?.state !== undefined && known.status !== 'final')
        throw refusal(file, 'owned');
      if (isThere) this.#difference.replaces(slot, file, known);
      return undefined;
    }
    if (isThere && known !== undefined && this.#isOurs(known)) return this.#inPlace(known);
    if (isThere) throw refusal(file, this.#owner.state === undefined ? 'exists' : 'unknown');
    if (known !== undefined)
      this.#run.io.warn({ code: 'note', where: file, what: 'is not there any more', hint: NEW_ONLY });
    return undefined;
  }

  /** Whether the manifest has a slot. */
  has(slot: string): boolean {
    return this.#slots.has(slot);
  }

  /** A slot that is in its place, if it is; `foreign` where this run, or this state, has not written it. */
  published(slot: string): Existing | 'foreign' | undefined {
    if (!this.folder.isThere(join(this.folder.root, slot))) return undefined;
    const known = this.#slots.get(slot);
    return known !== undefined && this.#isOurs(known) ? this.#inPlace(known) : 'foreign';
  }

  /** What is known of records that were written for a slot. */
  describe(path: string, { bytes, sha256, first, last, tally, index }: Written): Slot {
    const counts = this.labels.map((label, rank) => [label, tally[rank] ?? 0] as const);
    return {
      slot: path,
      records: counts.reduce((sum, [, count]) => sum + count, 0),
      bytes,
      sha256,
      first: formatInstantShort(first),
      last: formatInstantShort(last),
      sources: Object.fromEntries(counts.filter(([, count]) => count > 0)),
      ...(index === undefined ? {} : { ...this.#owner, index }),
    };
  }

  /** A slot is complete, and lies in these files. */
  end(slot: Slot, files: { file: string; index: string | undefined }): void {
    this.#difference.note(slot);
    this.#slots.set(slot.slot, slot);
    this.#ended.set(slot.slot, { slot, file: files.file, index: files.index ?? '' });
  }

  /** Slots to which nothing is added any more. @param finalUpTo where the first begins that is not final */
  settle(paths: readonly string[], finalUpTo: string | undefined): void {
    for (const path of paths) {
      const slot = this.#slots.get(path);
      if (slot !== undefined) this.#slots.set(path, { ...slot, status: 'final' });
    }
    this.#finalUpTo = finalUpTo;
  }

  /** Writes the manifest. Returns what is to be renamed so that the slots that have ended, and it, are in their places. */
  seal(): Rename[] {
    const renames: Rename[] = [];
    for (const [path, { file, index }] of this.#ended) {
      const to = join(this.folder.root, path);
      this.folder.requireInside(to);
      renames.push({ from: file, to });
      if (index !== '') renames.push({ from: index, to: this.#indexOf(path) });
    }
    const to = manifestPath(this.folder.root);
    const finalUpTo = this.#finalUpTo;
    const slots = [...this.#slots.values()];
    const manifest: Manifest = { manifest: 1, ...this.#kind, finalUpTo, sources: this.labels, slots };
    renames.push({ from: this.folder.writeAside(manifestText(manifest), to), to });
    this.folder.sync();
    this.#ended.clear();
    return renames;
  }

  /** Whether there is something to put into its place. */
  get hasEnded(): boolean {
    return this.#ended.size > 0;
  }

  /** Says what --replace-slots has changed. */
  sayDifference(): void {
    if (this.#replaces) this.#difference.say(this.folder.root, this.#run.io.warn);
  }

  #isOurs({ state, run }: Slot): boolean {
    const owner = this.#owner.state ?? this.#owner.run;
    return owner !== undefined && (state ?? run) === owner;
  }

  #inPlace(slot: Slot): Existing {
    return { slot, file: join(this.folder.root, slot.slot), index: this.#indexOf(slot.slot) };
  }

  #indexOf(slot: string): string {
    return join(this.folder.root, OWN_FOLDER, 'index', `${slot}.index`);
  }

  /** While another run follows, only what is final may be written. */
  #requireFinal(slot: string, end: Instant | undefined): void {
    const finalUpTo = this.#finalUpTo;
    if (this.#follower === undefined) return;
    if (end !== undefined && finalUpTo !== undefined && formatInstantShort(end) <= finalUpTo) return;
    throw new TsalignError({
      code: 'locked',
      where: join(this.folder.root, slot),
      what: `${this.#follower} follows its sources, and is not done with this slot`,
      hint:
        finalUpTo === undefined
          ? 'none is final yet: wait until it has published them'
          : `what lies before ${finalUpTo} is final: --until ${finalUpTo}`,
    });
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

function ownerOf({ kept, follow }: Plan): Pick<Slot, 'state' | 'run'> {
  if (kept !== undefined) return { state: kept.document.id };
  return follow === undefined ? {} : { run: globalThis.crypto.randomUUID() };
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
