import { join } from 'node:path';
import { formatInstant, instantOf } from '../src/core/instant.ts';
import { createStamper, detectStamp, parseZone, type StampPlan, type StampSettings } from '../src/time/index.ts';
import type { FamilyResult, Score } from './accuracy-family.ts';
import { classOf, count, emptyTally, type Tally, verdictOf } from './accuracy-score.ts';
import { assumedOf, type Cells, readTable } from './truth.ts';

/** Reads every string of DIR/STRINGS.tsv by itself, as one line of a log, or as a field where the stamp is all of it. */
export function scoreStrings(folder: string): FamilyResult {
  const suites = new Map<string, Tally>();
  const result: FamilyResult = { scores: [], misses: [] };
  for (const row of readTable(join(folder, 'STRINGS.tsv'), (cell) => cell)) {
    if (row.utc === '') continue;
    const { suite = '', id, input = '', utc = '', assume = '' } = row;
    const text = unescaped(input);
    const actual = instantOfText(text, isWhole(row, text), assume);
    const verdict = verdictOf(utc, actual === 'nothing' ? null : actual.instant);
    const warned = actual !== 'nothing' && actual.warned;
    const name = `${suite} (${classOf(assume)})`;
    const tally = suites.get(name) ?? emptyTally();
    suites.set(name, tally);
    count(tally, verdict, warned);
    if (verdict !== 'wrong' && verdict !== 'absent') continue;
    const got = actual === 'nothing' ? actual : actual.instant;
    result.misses.push({ place: `${suite} ${id}`, verdict, text: input, expected: utc, actual: got });
  }
  result.scores = [...suites].map(([name, tally]): Score => ({ name, upstream: true, tally }));
  return result;
}

/** Whether the stamp is all of the text, as far as the row tells. */
const isWhole = ({ begin = '', end = '' }: Cells, text: Buffer): boolean =>
  begin === '' || (begin === '0' && Number(end) === text.length);

function instantOfText(text: Buffer, whole: boolean, assume: string): { instant: string; warned: boolean } | 'nothing' {
  const settings = settingsOf(assume);
  const kinds = whole ? (['field', 'line'] as const) : (['line', 'field'] as const);
  for (const kind of kinds) {
    // A few strings hold several lines, as a log would.
    const texts = kind === 'line' ? linesOf(text) : [new Uint8Array(text)];
    const plan = detectStamp(texts, kind, settings);
    if (plan === undefined) continue;
    return firstInstant(texts, plan) ?? 'nothing';
  }
  return 'nothing';
}

function firstInstant(texts: readonly Uint8Array[], plan: StampPlan): { instant: string; warned: boolean } | undefined {
  for (const bytes of texts) {
    const stamper = createStamper(plan, { bytes });
    if (!stamper.read(0, bytes.length)) continue;
    return { instant: formatInstant(instantOf(stamper.high, stamper.low)), warned: plan.doubts.length > 0 };
  }
  return undefined;
}

const linesOf = (text: Buffer): Uint8Array[] =>
  text
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => new Uint8Array(Buffer.from(line, 'latin1')));

function settingsOf(assume: string): StampSettings {
  const assumed = assumedOf(assume);
  const [zone, year, order] = ['tz', 'year', 'order'].map((name) => assumed.get(name));
  return {
    modified: BigInt(Date.now()) * 1_000_000n,
    zone: zone === undefined ? undefined : parseZone(zone),
    year: year === undefined ? undefined : Number(year),
    dayOrder: order === 'dmy' || order === 'mdy' || order === 'ymd' ? order : undefined,
  };
}

const LETTERS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, a: 7, b: 8, f: 12, v: 11, e: 27, '0': 0 };

/** The bytes of a string with C escapes. */
function unescaped(input: string): Buffer {
  const parts = [...input.matchAll(/\\x([0-9a-fA-F]{2})|\\(.)|([^\\]+)/gsu)].map(([, hex, letter, plain]) => {
    if (plain !== undefined) return Buffer.from(plain);
    if (hex !== undefined) return Buffer.from([Number.parseInt(hex, 16)]);
    return letter !== undefined && letter in LETTERS ? Buffer.from([LETTERS[letter]]) : Buffer.from(letter ?? '');
  });
  return Buffer.concat(parts);
}
