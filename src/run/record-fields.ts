import type { InputPlan } from '../core/stages.ts';
import { parseFields } from '../input/index.ts';
import { PairWalker, unescapedPair } from '../kernel/pairs.ts';

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
