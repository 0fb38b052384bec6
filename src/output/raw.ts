import { isTable } from '../core/input-plan.ts';
import type { Memory } from '../core/memory.ts';
import type { Output, RecordWriter, SourceInfo } from '../core/stages.ts';
import { putByte } from '../kernel/escape.ts';
import { LineCopier } from '../kernel/line-copier.ts';
import type { WriterSettings } from './settings.ts';

const LF = 10;
const CR = 13;

/**
 * The records' own bytes, one LF each, only in another order. A CSV header stands at the top once if that is true for
 * every record under it: all sources are CSV, and their headers are equal. It ends as they do: in CR LF where all do.
 */
export function createRawWriter(
  _settings: WriterSettings,
  sources: readonly SourceInfo[],
  memory: Memory,
): RecordWriter {
  const header = commonHeader(sources);
  const copier = new LineCopier(memory);
  return {
    begin(out: Output): void {
      if (header === undefined) return;
      out.append(header);
      if (sources.every(({ input }) => 'headerEnd' in input && input.headerEnd === '\r')) putByte(CR, out);
      putByte(LF, out);
    },
    write: (rows, count, out) => copier.write(rows, count, out),
  };
}

/** The header line that all sources share, or undefined. */
export function commonHeader(sources: readonly SourceInfo[]): string | undefined {
  const headers = new Set(sources.map(headerOf));
  const [header] = headers;
  return headers.size === 1 ? header : undefined;
}

/** How many header lines raw output leaves out, as they do not hold for every record; the report tells. */
export function headersLeftOut(sources: readonly SourceInfo[]): number {
  if (commonHeader(sources) !== undefined) return 0;
  return sources.filter((source) => headerOf(source) !== undefined).length;
}

function headerOf({ input }: SourceInfo): string | undefined {
  return isTable(input) && input.header ? input.headerText : undefined;
}
