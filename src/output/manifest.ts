import { join } from 'node:path';
import { readFileSync } from '../core/disk.ts';
import { TsalignError } from '../core/problem.ts';
import { systemReason } from '../core/system-reason.ts';

/** A slot that was written: what its file holds. */
export interface Slot {
  /** Path of its file, from the folder of the slots. */
  slot: string;
  records: number;
  /** Bytes of the file, compressed or not, and their hash. */
  bytes: number;
  sha256: string;
  /** The instants of its first and last record. */
  first: string;
  last: string;
  /** Records of each source, by label. */
  sources: Record<string, number>;
  /** The state under which it is written, and the hash of the index of its records. */
  state?: string;
  index?: string;
  /** The run that has written it and follows its sources, where it has no state. */
  run?: string;
  /** Of a run that follows its sources: whether it may still publish the slot again. */
  status?: 'open' | 'final';
}

/** What all slots of a folder have in common. */
export interface SlotKind {
  format: string;
  /** The pattern of their names, from their folder. */
  names: string;
  splitBy: string;
  zone: string;
  /** `none`, or how files are compressed. */
  compression: string;
}

export interface Manifest extends SlotKind {
  /** Version of this layout. */
  manifest: 1;
  /** Of a run that follows its sources: where the first slot begins that is not final, RFC 3339. */
  finalUpTo?: string | undefined;
  /** Labels in the order of ties. */
  sources: string[];
  slots: Slot[];
}

/** Where what belongs to slots lies beside them. */
export const OWN_FOLDER = '_tsalign';

export const manifestPath = (folder: string): string => join(folder, OWN_FOLDER, 'manifest.json');

/** The manifest of a folder of slots; undefined where it has none. @throws TsalignError 'output' */
export function readManifest(folder: string): Manifest | undefined {
  const file = manifestPath(folder);
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  const value = parse(text);
  if (isManifest(value)) return value;
  throw new TsalignError({
    code: 'output',
    where: file,
    what: 'is no manifest of slots',
    hint: 'remove it, or name another folder',
  });
}

/** The text of a file; undefined where there is none. @throws TsalignError 'output' */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === undefined) throw error;
    throw new TsalignError({ code: 'output', where: file, what: `cannot be read (${systemReason(error)})` });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const TEXTS = ['slot', 'sha256', 'first', 'last'] as const satisfies readonly (keyof Slot)[];

function isManifest(value: unknown): value is Manifest {
  const { manifest, slots, sources, finalUpTo = '' } = (value ?? {}) as Partial<Manifest>;
  return (
    manifest === 1 &&
    typeof finalUpTo === 'string' &&
    Array.isArray(sources) &&
    Array.isArray(slots) &&
    slots.every(isSlot)
  );
}

/** A path that leads out of the folder is none of ours. */
function isSlot(slot: Slot): boolean {
  const { records, bytes, sources } = slot;
  const isWhole = TEXTS.every((field) => typeof slot[field] === 'string') && typeof sources === 'object';
  const counts = Number.isSafeInteger(records) && Number.isSafeInteger(bytes);
  return isWhole && counts && !slot.slot.startsWith('/') && !slot.slot.split('/').includes('..');
}

/** The text of a manifest, a line for each slot, in the order of their names. */
export function manifestText({ slots, ...rest }: Manifest): string {
  const sorted = [...slots].sort((a, b) => Buffer.compare(Buffer.from(a.slot), Buffer.from(b.slot)));
  const head = JSON.stringify(rest, null, 1).slice(0, -2);
  const lines = sorted.map((slot) => `  ${JSON.stringify(slot)}`);
  return `${head},\n "slots": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n `}]\n}\n`;
}
