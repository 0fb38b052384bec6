import type { CsvPlan, FieldLayout, InputPlan } from '../core/stages.ts';
import { parseFields } from '../input/index.ts';
import { dialectOf } from '../kernel/csv-scan.ts';
import { FieldScanner, fieldValue } from '../kernel/fields.ts';
import { PairWalker, unescapedPair } from '../kernel/pairs.ts';

/**
 * All fields of a record by name: columns of CSV and fields of W3C logs as text, members of JSON as they are parsed, values
 * of logfmt keys, the first where a key stands twice. Undefined where it has none, or is not what its format promises.
 * @param line on which it begins
 */
export function allFields(input: InputPlan, text: string, line: number): Record<string, unknown> | undefined {
  switch (input.format) {
    case 'text':
      return undefined;
    case 'w3c':
      return fieldsIn(text, input.layouts.at(line));
    case 'logfmt':
      return pairsOf(text);
    case 'ndjson':
      return objectOf(text);
    case 'csv':
    case 'tsv':
      return cellsOf(text, input);
  }
}

function cellsOf(text: string, table: CsvPlan): Record<string, string> | undefined {
  const fields = parseFields(text, table);
  if (fields.length !== table.columns.length) return undefined;
  return Object.fromEntries(table.columns.map((column, i) => [column, fields[i]]));
}

function fieldsIn(text: string, layout: FieldLayout | undefined): Record<string, string> | undefined {
  if (layout === undefined) return undefined;
  const bytes = new Uint8Array(Buffer.from(text));
  const scanner = new FieldScanner(bytes, dialectOf(layout));
  scanner.scan(0, bytes.length);
  if (scanner.count !== layout.columns.length) return undefined;
  const valueAt = (field: number): string =>
    fieldValue(Buffer.from(bytes.subarray(scanner.start[field], scanner.end[field])).toString(), scanner.kind[field]);
  return Object.fromEntries(layout.columns.map((name, field) => [name, valueAt(field)]));
}

function pairsOf(text: string): Record<string, string> {
  const bytes = new Uint8Array(Buffer.from(text));
  const walker = new PairWalker(bytes);
  const textOf = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString();
  const pairs = new Map<string, string>();
  walker.begin(0, bytes.length);
  while (walker.next()) {
    const key = textOf(walker.keyStart, walker.keyEnd);
    if (pairs.has(key)) continue;
    const value = textOf(walker.valueStart, walker.valueEnd);
    pairs.set(key, walker.quoted ? unescapedPair(value) : value);
  }
  return Object.fromEntries(pairs);
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // broken records have no fields
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
