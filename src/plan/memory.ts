import { MAXIMUM_BUDGET } from '../core/memory.ts';
import type { MergeRequest } from '../request.ts';
import { DESCRIPTORS } from '../source/index.ts';
import type { MemoryPlan, SourcePlan } from './data.ts';

const clamp = (low: number, value: number, high: number): number => Math.max(low, Math.min(high, Math.floor(value)));

/** A file that streams is read so many bytes at once at least; with less, calls of the system cost more than records. */
const LEAST_WINDOW = 32_768;

/** Of more streams a merge takes longer than sorting some of them does. */
const MOST_STREAMS = 4096;

/** The share of the memory that the windows of all streams take together; the rest leaves some of them room to grow. */
const WINDOW_SHARE = 0.15;

/** Up to this size it costs less to sort what a file holds than to look first whether that is needed. */
const SMALL_BYTES = 2 ** 20;

/** What all compressed sources may hold ahead, and one of them at most and at least. */
const AHEAD = { total: 8 * 2 ** 20, most: 524_288, least: 65_536 };

function aheadOf(threads: number | undefined, sources: readonly SourcePlan[]): number {
  const packed = sources.filter(({ open }) => open.compression.length > 0).length;
  const share = Math.min(AHEAD.most, Math.floor(AHEAD.total / packed));
  return threads === 1 || packed === 0 || share < AHEAD.least ? 0 : share;
}

/** What is looked at of each source at once, where so many are read side by side; bytes. */
export const windowOf = (total: number, streams: number): number =>
  clamp(4096, (total * WINDOW_SHARE) / Math.max(1, streams), 131_072);

/** Divides the memory, and decides which sources may be read side by side. */
export function memoryOf(
  { memory: asked, threads, follow }: Pick<MergeRequest, 'memory' | 'threads' | 'follow'>,
  sources: readonly SourcePlan[],
): MemoryPlan {
  const total = Math.min(asked, MAXIMUM_BUDGET);
  const windows = total * WINDOW_SHARE;
  markStreams(sources, Math.min(DESCRIPTORS.limit, MOST_STREAMS, Math.floor(windows / LEAST_WINDOW)));
  const streams = sources.filter(({ mayStream }) => mayStream).length;
  return {
    total,
    record: Math.floor(total / (follow ? 16 : 4)),
    held: follow ? { bytes: Math.floor(total / 10), rows: Math.floor(total / 1000) } : { bytes: 0, rows: 0 },
    output: clamp(65_536, total / 64, 262_144),
    staging: clamp(16_384, total / 1024, 262_144),
    window: windowOf(total, streams),
    ahead: aheadOf(threads, sources),
  };
}

/** Where there are more files than can be open, or have a window, at once, only the largest of them stream. */
function markStreams(sources: readonly SourcePlan[], most: number): void {
  const files = sources.filter(({ open }) => open.seekable);
  if (files.length <= most) return;
  const large = files.filter(({ open }) => (open.size ?? 0) > SMALL_BYTES);
  const largest = new Set(large.toSorted((a, b) => (b.open.size ?? 0) - (a.open.size ?? 0)).slice(0, most));
  for (const source of files) source.mayStream = largest.has(source);
}
