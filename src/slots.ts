import { join, relative, resolve, sep } from 'node:path';
import { formatCount, plural } from './core/count-text.ts';
import { lstatSync, readdirSync } from './core/disk.ts';
import { TsalignError } from './core/problem.ts';
import { systemReason } from './core/system-reason.ts';
import {
  compareStamps,
  hashFile,
  type Manifest,
  OWN_FOLDER,
  type ReadBack,
  readBack,
  readManifest,
  type Slot,
  slotMatcher,
  stampKey,
} from './output/index.ts';
import { openSource } from './source/index.ts';

/** What is wrong with a slot. */
export interface SlotTrouble {
  slot: string;
  what: string;
}

export interface Verification {
  slots: number;
  records: number;
  bytes: number;
  trouble: SlotTrouble[];
}

const PIECE_BYTES = 1 << 18;

/**
 * Holds the slots of a folder against its manifest: that each is there, byte for byte what was written; that its records
 * are as many, and in order, where the format tells; that slots follow one another in time; and that no other file has the name of a slot.
 * @throws TsalignError 'no-source' where the folder has no manifest; 'unreadable'
 */
export async function verifySlots(folder: string, cwd: string): Promise<Verification> {
  const root = resolve(cwd, folder);
  const manifest = readManifest(root);
  if (manifest === undefined) {
    const hint = 'name the folder in which the slots of --split-by lie';
    throw new TsalignError({ code: 'no-source', where: folder, what: 'holds no manifest of slots', hint });
  }
  const { slots } = manifest;
  const trouble: SlotTrouble[] = [];
  for (const slot of slots) {
    const what = await troubleOf(slot, manifest, root);
    if (what !== undefined) trouble.push({ slot: slot.slot, what });
  }
  trouble.push(...overlaps(slots), ...strangers(manifest, root));
  return {
    slots: slots.length,
    records: slots.reduce((sum, { records }) => sum + records, 0),
    bytes: slots.reduce((sum, { bytes }) => sum + bytes, 0),
    trouble,
  };
}

async function troubleOf(slot: Slot, { format, compression }: Manifest, root: string): Promise<string | undefined> {
  const file = join(root, slot.slot);
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return 'is missing';
  if (!stat.isFile()) return 'is no file';
  const text = readBack(format);
  const isPlain = compression === 'none';
  const { bytes, sha256 } = hashFile(file, isPlain ? (piece) => text.take(piece) : undefined);
  if (bytes !== slot.bytes) return `has ${formatCount(bytes)} bytes where ${formatCount(slot.bytes)} were written`;
  if (sha256 !== slot.sha256) return 'does not hold what was written: its hash differs';
  if (!isPlain) await readText(file, text);
  return contradiction(slot, text);
}

/** What is wrong in a file that holds what was written. */
function contradiction(slot: Slot, { records, disorder }: ReadBack): string | undefined {
  if (disorder !== undefined) return `line ${disorder} lies before the line above it`;
  if (records !== undefined && records !== slot.records)
    return `holds ${plural(records, 'record')} where the manifest says ${formatCount(slot.records)}`;
  const counted = Object.values(slot.sources).reduce((sum, count) => sum + count, 0);
  if (counted !== slot.records) return 'has more or fewer records than its sources together';
  return compareStamps(stampKey(slot.first), stampKey(slot.last)) > 0 ? 'ends before it begins' : undefined;
}

function overlaps(slots: readonly Slot[]): SlotTrouble[] {
  const keyed = slots.map(({ slot, first, last }) => ({ slot, first: stampKey(first), last: stampKey(last) }));
  const inTime = keyed.sort((a, b) => compareStamps(a.first, b.first));
  return inTime.flatMap(({ slot, first }, i) => {
    const before = inTime[i - 1];
    const isBehind = before === undefined || compareStamps(before.last, first) < 0;
    return isBehind ? [] : [{ slot, what: `begins before ${before.slot} ends` }];
  });
}

/** Files that have the names of slots, and that no run speaks of. */
function strangers({ names, slots }: Manifest, root: string): SlotTrouble[] {
  const known = new Set(slots.map(({ slot }) => slot));
  const isName = slotMatcher(join(root, names));
  const found = listFiles(root).filter((file) => isName.test(file) && !known.has(relative(root, file)));
  const trouble = found.map((file) => ({ slot: relative(root, file), what: 'is not in the manifest' }));
  const journal = join(OWN_FOLDER, 'pending.json');
  if (lstatSync(join(root, journal), { throwIfNoEntry: false }) === undefined) return trouble;
  return [...trouble, { slot: journal, what: 'a run was stopped while it put slots into their places; run it again' }];
}

function listFiles(root: string): string[] {
  const names = attempt(root, () => readdirSync(root, { recursive: true, encoding: 'utf8' }));
  return names.filter((name) => !name.startsWith(OWN_FOLDER + sep)).map((name) => join(root, name));
}

/** Reads what a compressed file holds. */
async function readText(file: string, text: ReadBack): Promise<void> {
  const open = await openSource({ path: file, file, origin: 'named' }, { label: file, encoding: undefined, stdin: 0 });
  const stream = open.open();
  const piece = new Uint8Array(PIECE_BYTES);
  try {
    for (let count = await stream.read(piece, 0, PIECE_BYTES); count > 0; ) {
      text.take(piece.subarray(0, count));
      count = await stream.read(piece, 0, PIECE_BYTES);
    }
  } finally {
    await stream.close();
    open.close();
  }
}

function attempt<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new TsalignError({ code: 'unreadable', where: file, what: `cannot be read (${systemReason(error)})` });
  }
}
