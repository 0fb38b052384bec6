import { BROKEN, type Memory } from '../core/memory.ts';
import type { FieldLayout, InputPlan, LayoutsByLine, SourceInfo } from '../core/stages.ts';
import { dialectOf } from '../kernel/csv-scan.ts';
import { FieldScanner, fieldValue } from '../kernel/fields.ts';
import { MemberFinder } from '../kernel/member-finder.ts';
import { hasBackslash } from '../kernel/members.ts';
import { PairWalker, unescapedPair } from '../kernel/pairs.ts';

const QUOTE = 34;
const N = 110;

/** The values of one record under the names that are asked for, undefined where it has none. */
type ReadValues = (start: number, end: number, line: number) => (string | undefined)[];

/**
 * Reads the values by which records are compared: columns of CSV, members of JSON by name or dotted path, keys of logfmt.
 * Values are compared by their text, whatever format they stand in: a JSON string by what it says, all else in JSON as it is
 * written (so that numbers keep every digit), and `null` and an empty text are no value. Each byte becomes a character of
 * its own, so that texts which are no UTF-8 differ where their bytes do.
 */
export class KeyValues {
  /** Records that were asked for, and the names that none of them had. */
  records = 0;
  readonly unseen: Set<string>;
  readonly #sources: readonly SourceInfo[];
  readonly #memory: Memory;
  readonly #names: readonly string[];
  /** By source: they may become more. */
  readonly #readers: ReadValues[] = [];

  constructor(sources: readonly SourceInfo[], memory: Memory, names: readonly string[]) {
    this.#sources = sources;
    this.#memory = memory;
    this.#names = names;
    this.unseen = new Set(names);
  }

  /** The values of a record, undefined where it lacks one of them or is broken. */
  of(row: number): readonly string[] | undefined {
    const { source, start, end, line, flags } = this.#memory;
    this.records++;
    if ((flags[row] & BROKEN) !== 0) return undefined;
    const index = source[row];
    this.#readers[index] ??= readerOf(this.#sources[index].input, this.#memory, this.#names);
    const values = this.#readers[index](start[row], end[row], line[row]);
    if (this.unseen.size > 0) this.#note(values);
    return values.every((value) => value !== undefined && value !== '') ? (values as string[]) : undefined;
  }

  #note(values: readonly (string | undefined)[]): void {
    for (const [i, value] of values.entries()) {
      if (value !== undefined) this.unseen.delete(this.#names[i]);
    }
  }
}

function readerOf(input: InputPlan, memory: Memory, names: readonly string[]): ReadValues {
  switch (input.format) {
    case 'text':
      return () => names.map(() => undefined);
    case 'w3c':
      return layoutReader(input.layouts, memory, names);
    case 'logfmt':
      return pairReader(memory, names);
    case 'ndjson':
      return memberReader(memory, names);
    case 'csv':
    case 'tsv':
      return fieldReader(input, memory, names);
  }
}

/** Fields that lie as it is known of each line. */
function layoutReader(layouts: LayoutsByLine, memory: Memory, names: readonly string[]): ReadValues {
  const readers = new Map<FieldLayout, ReadValues>();
  return (start, end, line) => {
    const layout = layouts.at(line);
    if (layout === undefined) return names.map(() => undefined);
    const reader = readers.get(layout) ?? fieldReader(layout, memory, names);
    readers.set(layout, reader);
    return reader(start, end, line);
  };
}

function fieldReader(layout: FieldLayout, { bytes, buffer }: Memory, names: readonly string[]): ReadValues {
  const scanner = new FieldScanner(bytes, dialectOf(layout));
  const columns = names.map((name) => layout.columns.indexOf(name));
  const valueAt = (column: number): string | undefined => {
    if (column < 0 || column >= scanner.count) return undefined;
    const text = buffer.toString('latin1', scanner.start[column], scanner.end[column]);
    return fieldValue(text, scanner.kind[column]);
  };
  return (start, end) => {
    scanner.scan(start, end);
    return columns.map(valueAt);
  };
}

function memberReader({ bytes, buffer }: Memory, names: readonly string[]): ReadValues {
  const members = new MemberFinder(
    bytes,
    names.map((name) => name.split('.')),
  );
  const valueAt = (index: number): string | undefined => {
    if (!members.find(index)) return undefined;
    const { start, end } = members;
    if (bytes[start] === N) return '';
    if (bytes[start] !== QUOTE) return buffer.toString('latin1', start, end);
    if (!hasBackslash(bytes, start, end)) return buffer.toString('latin1', start + 1, end - 1);
    return escapedText(buffer.subarray(start, end));
  };
  return (start, end) => (members.scan(start, end) ? names.map((_, i) => valueAt(i)) : names.map(() => undefined));
}

/** What a JSON string with escapes says; as it is written where that has no UTF-8, as half a surrogate pair has none. */
function escapedText(quoted: Buffer): string {
  const said = Buffer.from(JSON.parse(quoted.toString()) as string);
  return (said.includes('\ufffd') ? quoted : said).toString('latin1');
}

function pairReader({ bytes, buffer }: Memory, names: readonly string[]): ReadValues {
  const walker = new PairWalker(bytes);
  const keys = names.map((name) => new Uint8Array(Buffer.from(name)));
  return (start, end) => {
    const values: (string | undefined)[] = names.map(() => undefined);
    walker.begin(start, end);
    while (walker.next()) {
      const index = keys.findIndex((key, i) => values[i] === undefined && walker.hasKey(key));
      if (index < 0) continue;
      const text = buffer.toString('latin1', walker.valueStart, walker.valueEnd);
      values[index] = walker.quoted ? unescapedPair(text) : text;
    }
    return values;
  };
}
