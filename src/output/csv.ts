import { isTable } from '../core/input-plan.ts';
import { BROKEN, CONTINUED, LATE, type Memory, UNDATED } from '../core/memory.ts';
import { onceIn } from '../core/once.ts';
import type { InputPlan, Output, RecordWriter, SourceInfo } from '../core/stages.ts';
import { dialectOf } from '../kernel/csv-scan.ts';
import { DECIMAL_ROOM, pokeDecimal } from '../kernel/decimal.ts';
import { putByte } from '../kernel/escape.ts';
import { BODY_PARTS } from '../kernel/layout.ts';
import { type PrefixForm, PrefixWriter } from '../kernel/prefix-writer.ts';
import { placeCells, placeMessageCell, placePicked, type RecordBody } from '../kernel/record-bodies.ts';
import { StampWriter } from '../kernel/stamp-writer.ts';
import { type CellWriter, cellText, createFieldCells, createMemberCells, writeWhole } from './cells.ts';
import { type Columns, resolveColumns } from './columns.ts';
import { createLayoutCells } from './layout-cells.ts';
import { createPairCells } from './pair-cells.ts';
import type { WriterSettings } from './settings.ts';

const LF = 10;

/**
 * Delimited text: `time,source`, then the columns, then `message` for what has no columns. Quotes as RFC 4180 asks; lines
 * end in LF and not in its CRLF, as every other output of ours does and the tools that read it expect.
 */
export const createCsvWriter = (settings: WriterSettings, sources: readonly SourceInfo[], memory: Memory) =>
  createDelimitedWriter(',', settings, sources, memory);

/** The same with tabs between the cells. */
export const createTsvWriter = (settings: WriterSettings, sources: readonly SourceInfo[], memory: Memory) =>
  createDelimitedWriter('\t', settings, sources, memory);

function createDelimitedWriter(
  delimiter: string,
  settings: WriterSettings,
  sources: readonly SourceInfo[],
  memory: Memory,
): RecordWriter {
  const columns = resolveColumns(settings, sources);
  const code = delimiter.charCodeAt(0);
  const bodies = kernelBodies(settings, columns, sources, code, memory);
  const forms = sources.map((source, i) => ({ ...formOf(settings, source, delimiter), body: bodies[i] }));
  const prefixes = new PrefixWriter(memory, new StampWriter(settings), forms);
  const cells = sources.map((_, index) => cellsOf(columns, sources, index, code, memory));
  const message = new MessageRow(columns, code);
  const { source, flags, line, bytes } = memory;

  function record(row: number, out: Output): void {
    const index = source[row];
    if ((flags[row] & (UNDATED | CONTINUED)) === UNDATED) prefixes.putUndated(index, out);
    else prefixes.put(row, out);
    if (settings.lineNumbers) {
      out.reserve(DECIMAL_ROOM + 1);
      bytes[out.position++] = code;
      out.position = pokeDecimal(bytes, out.position, line[row]);
    }
    if (settings.marksLate) {
      putByte(code, out);
      if ((flags[row] & LATE) !== 0) out.append('true');
    }
    const writer = (flags[row] & BROKEN) === 0 ? cells[index] : undefined;
    if (writer === undefined || !writer.write(row, out)) message.write(row, out);
    putByte(LF, out);
  }

  return {
    begin(out) {
      out.append(`${columns.header.map((name) => cellText(name, delimiter)).join(delimiter)}\n`);
    },
    write(rows, count, out) {
      for (let i = 0; i < count; i++) {
        i = prefixes.writeRows(BODY_PARTS, rows, i, count, out);
        if (i < count) record(rows[i], out);
      }
    },
  };
}

function formOf({ withSource }: WriterSettings, { label }: SourceInfo, delimiter: string): PrefixForm {
  const after = withSource ? `${delimiter}${cellText(label, delimiter)}` : '';
  return { before: '', after, undated: after };
}

/** Undefined for a source whose records have no columns here: they are messages. */
function cellsOf(
  columns: Columns,
  sources: readonly SourceInfo[],
  index: number,
  delimiter: number,
  memory: Memory,
): CellWriter | undefined {
  const { input } = sources[index];
  const { paths } = columns;
  switch (input.format) {
    case 'text':
      return undefined;
    case 'csv':
    case 'tsv':
      return createFieldCells(columns, columns.fieldsOf(index, input), input, delimiter, memory);
    case 'w3c':
      return createLayoutCells(columns, index, input.layouts, delimiter, memory);
    case 'ndjson':
      return paths && createMemberCells(columns, paths, delimiter, memory);
    case 'logfmt':
      return paths && createPairCells(columns, paths, delimiter, memory);
  }
}

/** What the kernel writes of the records of each source by itself; see `cellsOf` and MessageRow, which say what is right. */
function kernelBodies(
  { lineNumbers, marksLate }: WriterSettings,
  columns: Columns,
  sources: readonly SourceInfo[],
  delimiter: number,
  memory: Memory,
): (RecordBody | undefined)[] {
  const placed = new Map<string, RecordBody | undefined>();
  return sources.map(({ input }, index) => {
    if (lineNumbers || marksLate) return undefined;
    if (isTable(input)) {
      const fields = columns.fieldsOf(index, input);
      const key = `${input.delimiter}${input.quotes} ${input.columns.length} ${fields}`;
      return onceIn(placed, key, () => placeCells(memory, dialectOf(input), input.columns.length, fields, delimiter));
    }
    if (input.format === 'ndjson' && columns.paths !== undefined) {
      const { paths } = columns;
      return onceIn(placed, 'picked', () => placePicked(memory, paths, delimiter));
    }
    if (!isWhole(input, columns)) return undefined;
    const between = String.fromCharCode(delimiter);
    const lead = between.repeat(columns.message + 1);
    const tail = `${between.repeat(columns.count - columns.message - 1)}\n`;
    return onceIn(placed, 'message', () => placeMessageCell(memory, lead, tail, delimiter));
  });
}

/** Whether records of this format have no columns, and are messages. */
const isWhole = ({ format }: InputPlan, { paths }: Columns): boolean =>
  format === 'text' || (format !== 'w3c' && paths === undefined);

/** Writes a record whole into the column `message`, the other columns empty. */
class MessageRow {
  readonly #columns: Columns;
  readonly #delimiter: number;

  constructor(columns: Columns, delimiter: number) {
    this.#columns = columns;
    this.#delimiter = delimiter;
  }

  write(row: number, out: Output): void {
    const { count, message } = this.#columns;
    for (let i = 0; i < count; i++) {
      putByte(this.#delimiter, out);
      if (i === message) writeWhole(row, this.#delimiter, out);
    }
  }
}
