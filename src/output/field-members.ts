import { type Memory, UNDATED } from '../core/memory.ts';
import type { CsvPlan, FieldLayout, LayoutsByLine, Output } from '../core/stages.ts';
import { dialectOf } from '../kernel/csv-scan.ts';
import { escapeJson, putByte } from '../kernel/escape.ts';
import { DOUBLED, ESCAPED, FieldScanner, unescaped } from '../kernel/fields.ts';
import { placeTexts, putPlaced } from '../kernel/placed.ts';
import { placeNamed, type RecordBody } from '../kernel/record-bodies.ts';
import { freeNames } from './names.ts';

const QUOTE = 34;

/** Writes the members of a record; false where it is not what its format promises (then nothing was written). */
export type Body = (row: number, out: Output) => boolean;

/** The columns of a CSV record as strings; those of the time only where it could not be read, so that nothing is lost. */
export function fieldsBody(own: readonly string[], plan: CsvPlan, memory: Memory): Body {
  const names = placeTexts(memory, memberLeads(own, plan));
  return bodyOf(plan, memory, (field, out) => putPlaced(names[field], out));
}

/** The same of records whose fields lie as it is known of each line. */
export function layoutsBody(own: readonly string[], layouts: LayoutsByLine, memory: Memory): Body {
  const bodies = new Map<FieldLayout, Body>();
  return (row, out) => {
    const layout = layouts.at(memory.line[row]);
    if (layout === undefined) return false;
    const body = bodies.get(layout) ?? unplacedBody(own, layout, memory);
    bodies.set(layout, body);
    return body(row, out);
  };
}

/** Layouts are met while the memory is in use: it may have no room for names then. */
function unplacedBody(own: readonly string[], layout: FieldLayout, memory: Memory): Body {
  const names = memberLeads(own, layout).map((lead) => Buffer.from(lead));
  return bodyOf(layout, memory, (field, out) => out.append(names[field]));
}

/** @param putName writes what stands before the text of a field */
function bodyOf(layout: FieldLayout, memory: Memory, putName: (field: number, out: Output) => void): Body {
  const { bytes, start, end, flags } = memory;
  const scanner = new FieldScanner(bytes, dialectOf(layout));
  return (row, out) => {
    scanner.scan(start[row], end[row]);
    if (scanner.count !== layout.columns.length) return false;
    const dated = (flags[row] & UNDATED) === 0;
    for (let i = 0; i < scanner.count; i++) {
      if (dated && layout.timeColumns.includes(i)) continue;
      putName(i, out);
      escapeField(scanner, i, out);
      putByte(QUOTE, out);
    }
    return true;
  };
}

/** The fields of records that could be dated, as the kernel writes them where it can; fieldsBody says what is right. */
export function placeFieldMembers(own: readonly string[], plan: CsvPlan, memory: Memory): RecordBody | undefined {
  const leads = memberLeads(own, plan).map((lead, field): [number, string] => [field, lead]);
  const written = leads.filter(([field]) => !plan.timeColumns.includes(field));
  return placeNamed(memory, dialectOf(plan), plan.columns.length, written);
}

/** What stands before the text of each field. */
const memberLeads = (own: readonly string[], layout: FieldLayout): string[] =>
  memberNames(own, layout).map((name) => `,${JSON.stringify(name)}:"`);

/** The columns of the time keep their places in the list, but take no names away from the others. */
function memberNames(own: readonly string[], { columns, timeColumns }: FieldLayout): string[] {
  const isTime = columns.map((_, column) => timeColumns.includes(column));
  const others = freeNames(
    columns.filter((_, column) => !isTime[column]),
    own,
  );
  const times = freeNames(
    columns.filter((_, column) => isTime[column]),
    [...own, ...others],
  );
  return columns.map((_, column) => (isTime[column] ? times : others).shift() as string);
}

function escapeField(scanner: FieldScanner, i: number, out: Output): void {
  const { bytes, buffer } = out.memory;
  const stop = scanner.end[i];
  let from = scanner.start[i];
  if (scanner.kind[i] === ESCAPED) {
    out.append(JSON.stringify(unescaped(buffer.toString('utf8', from, stop))).slice(1, -1));
    return;
  }
  for (let at = scanner.kind[i] === DOUBLED ? from : stop; at < stop; at++) {
    if (bytes[at] !== QUOTE) continue;
    at++;
    escapeJson(from, at, out);
    from = at + 1;
  }
  escapeJson(from, stop, out);
}
