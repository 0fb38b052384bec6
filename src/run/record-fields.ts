import type { Memory } from '../core/memory.ts';
import type { InputPlan, SourceInfo } from '../core/stages.ts';
import { parseFields } from '../input/index.ts';
import { PairWalker } from '../kernel/pairs.ts';

/**
 * Reads fields of records by name: columns of CSV, members of JSON by dotted path, values of logfmt keys. Not for every
 * record of every run: it makes an object of each record (1.5 to 17 µs).
 * @returns the values as text, or undefined where the record lacks one of them.
 */
export function fieldsReader(
  sources: readonly SourceInfo[],
  memory: Memory,
  names: readonly string[],
): (row: number) => readonly string[] | undefined {
  return (row) => {
    const { input } = sources[memory.source[row] as number] as SourceInfo;
    if (input.format === 'text' || input.format === 'w3c') return undefined;
    const text = memory.buffer.toString('utf8', memory.start[row], memory.end[row]);
    if (input.format === 'logfmt') return complete(names.map((name) => pairValue(text, name)));
    if (input.format === 'ndjson') return complete(names.map((name) => memberOf(text, name)));
    const fields = parseFields(text, input);
    return complete(names.map((name) => fields[input.columns.indexOf(name)]));
  };
}

/**
 * All fields of a record by name: columns of CSV as text, members of JSON as they are parsed, values of logfmt keys, the
 * first where a key stands twice. Undefined where it has none, or is not what its format promises.
 */
export function allFields(input: InputPlan, text: string): Record<string, unknown> | undefined {
  if (input.format === 'text' || input.format === 'w3c') return undefined;
  if (input.format === 'logfmt') return pairsOf(text);
  if (input.format === 'ndjson') return objectOf(text);
  const fields = parseFields(text, input);
  if (fields.length !== input.columns.length) return undefined;
  return Object.fromEntries(input.columns.map((column, i) => [column, fields[i]]));
}

function pairsOf(text: string): Record<string, string> {
  const bytes = new Uint8Array(Buffer.from(text));
  const walker = new PairWalker(bytes);
  const textOf = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString();
  const pairs = new Map<string, string>();
  walker.begin(0, bytes.length);
  while (walker.next()) {
    const key = textOf(walker.keyStart, walker.keyEnd);
    if (!pairs.has(key)) pairs.set(key, textOf(walker.valueStart, walker.valueEnd));
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

/** The value of a key in the pairs of a record's text. */
function pairValue(text: string, name: string): string | undefined {
  const bytes = new Uint8Array(Buffer.from(text));
  const key = new Uint8Array(Buffer.from(name));
  const walker = new PairWalker(bytes);
  walker.begin(0, bytes.length);
  while (walker.next()) {
    if (walker.hasKey(key)) return Buffer.from(bytes.subarray(walker.valueStart, walker.valueEnd)).toString();
  }
  return undefined;
}

function complete(values: readonly (string | undefined)[]): readonly string[] | undefined {
  return values.every((value) => value !== undefined) ? (values as readonly string[]) : undefined;
}

/** A member by its own name or by a dotted path, as JSON text, so that 1 and "1" differ. */
function memberOf(text: string, name: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // broken records have no fields
  }
  if (isObject(value) && Object.hasOwn(value, name)) return JSON.stringify(value[name]);
  for (const part of name.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return JSON.stringify(value);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
