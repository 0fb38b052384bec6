import { type FormatRow, type LineReading, listFormats, readLine } from '../formats.ts';
import { type Inspection, runInspect } from '../inspect.ts';
import { callOf, READ_OPTIONS, type ReadOptions } from './options.ts';
import { listening, type Source } from './sources.ts';

/**
 * Reads sources once and tells what is in them, and when. What cannot be read is in `unread`.
 * @throws TsalignError where an option has no meaning; the signal's reason after an abort
 * @example
 * const { sources } = await inspect(['app.log']);
 * console.log(sources[0].first, sources[0].late); // nanoseconds since 1970, a bigint; a count
 */
export async function inspect(sources: readonly Source[], options: ReadOptions = {}): Promise<Inspection> {
  // One of its own: what listens to it goes with it, and not with a signal that outlives it.
  const signal = AbortSignal.any(options.signal === undefined ? [] : [options.signal]);
  const { request, io, close } = callOf(listening(sources), options, READ_OPTIONS, signal);
  signal.addEventListener('abort', close, { once: true });
  try {
    return await runInspect(request, { ...io, full: () => undefined });
  } finally {
    await close();
  }
}

/**
 * The table of timestamp formats; with a line, how it is read.
 * @throws TsalignError 'no-timestamp' where no instant is found in the line
 * @example
 * const { instant, format } = await formats('Mar 10 06:59:58 gw kernel: up', { year: '2024' });
 */
export function formats(): Promise<FormatRow[]>;
export function formats(line: string, options?: ReadOptions): Promise<LineReading>;
export async function formats(line?: string, options: ReadOptions = {}): Promise<FormatRow[] | LineReading> {
  const { signal = new AbortController().signal } = options;
  const { request, io } = callOf(['-'], options, READ_OPTIONS, signal);
  return line === undefined ? listFormats(request, io) : readLine(line, request, io);
}
