import type { LineCounter, ParsedNode } from 'yaml';
import { formatInstantShort, instantOf } from '../core/instant.ts';
import { TsalignError } from '../core/problem.ts';
import { suggestion } from '../core/registry.ts';
import { compilePattern } from './compile.ts';
import { detectStamp } from './detect.ts';
import { formatNamed } from './plan.ts';
import { parseQuery } from './query.ts';
import { createStamper } from './stamper.ts';
import type { Standing, TimeFormat } from './time-format.ts';
import { UTC } from './zone.ts';

const STANDINGS: readonly Standing[] = ['start', 'inside', 'field'];
const KEYS = ['name', 'description', 'pattern', 'stands', 'after', 'years', 'samples'];

/** A row as it was written: its members by key, and where the row, its samples and its members stand. */
interface WrittenRow {
  members: Map<string, unknown>;
  line: number;
  sampleLines: number[];
}

/**
 * The user's own rows, from the text of a YAML file: a list of maps with `name`, `pattern` (pattern.ts), `samples` (pairs
 * of a line and its instant, naive stamps in UTC) and, if wanted, `description`, `stands`, `after`, `years`.
 * @param where the file's name in messages.
 * @throws TsalignError usage, with the line, for a row that is none or does not read its own samples.
 */
export async function loadFormatsFile(text: string, where: string): Promise<TimeFormat[]> {
  const rows = await parseRows(text, where);
  const formats: TimeFormat[] = [];
  for (const row of rows) {
    const at = (line: number) => `${where}:${line}`;
    const format = formatOf(row, at(row.line));
    if (formatNamed(format.name, formats) !== undefined)
      throw wrong(at(row.line), `"${format.name}" is the name of another row`);
    for (const [i, sample] of format.samples.entries()) checkSample(format, sample, at(row.sampleLines[i] ?? row.line));
    formats.push(format);
  }
  return formats;
}

async function parseRows(text: string, where: string): Promise<WrittenRow[]> {
  const { LineCounter, isMap, isSeq, parseDocument } = await import('yaml');
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const [error] = document.errors;
  if (error !== undefined) {
    throw wrong(`${where}:${counter.linePos(error.pos[0]).line}`, `is no YAML: ${error.message.split('\n')[0]}`);
  }
  if (!isSeq(document.contents)) throw wrong(where, 'holds no list of rows');
  return document.contents.items.map((item) => {
    const line = lineOf(item, counter);
    if (!isMap(item)) throw wrong(`${where}:${line}`, 'is no row with a name, a pattern and samples');
    const samples = item.get('samples', true);
    const sampleLines = isSeq(samples) ? samples.items.map((each) => lineOf(each as ParsedNode, counter)) : [];
    return { members: new Map(Object.entries(item.toJSON() as object)), line, sampleLines };
  });
}

const lineOf = (node: ParsedNode, counter: LineCounter): number => counter.linePos(node.range[0]).line;

function formatOf({ members }: WrittenRow, where: string): TimeFormat {
  const unknown = [...members.keys()].find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw wrong(where, `a row has no "${unknown}"`, suggestion(unknown, KEYS));
  const name = textOf(members, 'name', where);
  const pattern = textOf(members, 'pattern', where);
  compileAt(pattern, where);
  const stands = listOf(members, 'stands', where, (each) => STANDINGS.includes(each as Standing)) as
    | Standing[]
    | undefined;
  const after = listOf(members, 'after', where, (each) => typeof each === 'string') as string[] | undefined;
  const years = listOf(members, 'years', where, Number.isInteger) as [number, number] | undefined;
  const samples = listOf(members, 'samples', where, isPair) as [string, string][] | undefined;
  if (samples === undefined || samples.length === 0) throw wrong(where, `"${name}" has no samples`);
  const description = members.get('description');
  return {
    name: name.toLowerCase(),
    description: typeof description === 'string' ? description : name,
    pattern,
    stands: stands ?? STANDINGS,
    ...(after === undefined ? {} : { after }),
    ...(years === undefined ? {} : { years }),
    samples,
  };
}

const isPair = (each: unknown): boolean =>
  Array.isArray(each) && each.length === 2 && each.every((text) => typeof text === 'string');

function compileAt(pattern: string, where: string): void {
  try {
    compilePattern(pattern);
  } catch (error) {
    if (error instanceof TsalignError) throw new TsalignError({ ...error.problem, where });
    throw error;
  }
}

function textOf(members: Map<string, unknown>, key: string, where: string): string {
  const value = members.get(key);
  if (typeof value === 'string' && value !== '') return value;
  throw wrong(where, `a row needs a ${key}`);
}

function listOf(
  members: Map<string, unknown>,
  key: string,
  where: string,
  fits: (each: unknown) => boolean,
): unknown[] | undefined {
  const value = members.get(key);
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every(fits)) return value;
  throw wrong(where, `"${key}" is not what it should be`, SHAPES[key]);
}

const SHAPES: Readonly<Record<string, string>> = {
  stands: 'a list of start, inside and field',
  after: 'a list of texts',
  years: 'the first and the last year, e.g. [1990, 2099]',
  samples: 'pairs of a line and its instant, e.g. ["10|03|24 09h30 start", "2024-03-10T09:30:00Z"]',
};

function checkSample(format: TimeFormat, [line, instant]: readonly [string, string], where: string): void {
  const expected = formatInstantShort(parseQuery(instant, { zone: UTC, now: 0n }));
  const bytes = new TextEncoder().encode(line);
  const asLine = format.stands.some((standing) => standing !== 'field');
  const year = Number(expected.slice(0, 4));
  const plan = detectStamp([bytes], asLine ? 'line' : 'field', { timeFormat: format.name, formats: [format], year });
  const stamper = plan && createStamper(plan, { bytes });
  const read = stamper?.read(0, bytes.length) ? formatInstantShort(instantOf(stamper.high, stamper.low)) : undefined;
  if (read === expected) return;
  const got = read === undefined ? 'does not read it' : `reads it as ${read}`;
  throw wrong(where, `the sample "${line}" is ${expected}, but the pattern of "${format.name}" ${got}`);
}

const wrong = (where: string, what: string, hint?: string): TsalignError =>
  new TsalignError({ code: 'usage', where, what, ...(hint === undefined ? {} : { hint }) });
