import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DateTime } from 'luxon';
import { detectStamp } from '../../src/time/detect.ts';
import { TIME_FORMATS } from '../../src/time/formats.ts';
import { type Part, parsePattern } from '../../src/time/pattern.ts';
import type { StampPlan } from '../../src/time/plan.ts';
import { createStamper } from '../../src/time/stamper.ts';
import type { TimeFormat } from '../../src/time/time-format.ts';
import { whereOf } from './write-stamp.ts';

/** What luxon's tokens read, as regular expressions; rows with others are none that luxon can read. */
const TOKENS: Readonly<Record<string, string>> = {
  ...{
    yyyy: '\\d{4}',
    kkkk: '\\d{4}',
    yy: '\\d\\d',
    M: '\\d\\d?',
    MM: '\\d\\d',
    MMM: '[A-Za-z]{3,9}',
    d: '\\d\\d?',
    dd: '\\d\\d',
  },
  ...{
    WW: '\\d\\d',
    c: '\\d',
    ooo: '\\d{3}',
    EEE: '[A-Za-z]{3,9}',
    H: '\\d\\d?',
    HH: '\\d\\d',
    h: '\\d\\d?',
    m: '\\d\\d?',
    mm: '\\d\\d',
  },
  ...{
    s: '\\d\\d?',
    ss: '\\d\\d',
    S: '\\d{1,3}',
    SS: '\\d\\d',
    SSS: '\\d{3}',
    u: '\\d{1,9}',
    a: '[AaPp][Mm]',
    X: '\\d+',
    x: '\\d{13}',
  },
  z: '[+-]\\d\\d(?::?\\d\\d)?|[A-Za-z]+(?:/[A-Za-z_]+)+|Z|UTC|GMT',
};

type Piece = { token: string } | { text: string };

const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A regular expression of a pattern, with a group for each token and text, in the order of `pieces`. */
function expressionOf(parts: readonly Part[], pieces: Piece[]): string {
  const stop = parts.findIndex(({ kind }) => kind === 'stop');
  return (stop < 0 ? parts : parts.slice(0, stop))
    .map((part) => {
      if (part.kind === 'stop') return '';
      if (part.kind === 'choice') return `(?:${part.options.map((option) => expressionOf(option, pieces)).join('|')})`;
      const source = part.kind === 'text' ? quote(part.text) : (TOKENS[part.token] ?? '(?!)');
      pieces.push(part.kind === 'text' ? { text: part.text } : { token: part.token });
      return `(${source})`;
    })
    .join('');
}

/** The pattern in luxon's language that reads all of a text, of those that the pattern's alternatives make. */
function luxonFormat(pattern: string, text: string): string | undefined {
  const pieces: Piece[] = [];
  const found = new RegExp(`^${expressionOf(parsePattern(pattern), pieces)}$`).exec(text);
  if (found === null) return undefined;
  const met = pieces.flatMap((piece, i) => (found[i + 1] === undefined ? [] : [{ ...piece, met: found[i + 1] }]));
  const halved = met.some((piece) => 'token' in piece && piece.token === 'a');
  const words = met.map((piece) => ('token' in piece ? wordOf(piece.token, piece.met, halved) : `'${piece.met}'`));
  // A quote ends a literal: two literals in a row would be one with a quote in it.
  return words.join('').replaceAll("''", '');
}

function wordOf(token: string, met: string, halved: boolean): string {
  if (token === 'MMM' || token === 'EEE') return met.length > 3 ? token.padEnd(4, token[0]) : token;
  if (token[0] === 'H' && halved) return token.toLowerCase();
  if (token === 'S') return 'S';
  if (token === 'SS') return 'u';
  if (token !== 'z') return token;
  if (met === 'Z') return "'Z'";
  if (/^[A-Z]/.test(met)) return 'z';
  return met.includes(':') ? 'ZZ' : met.length === 3 ? 'Z' : 'ZZZ';
}

/** The text of the stamp in a sample. */
function stampOf(row: TimeFormat, line: string): string {
  const bytes = new TextEncoder().encode(line);
  const plan = detectStamp([bytes], whereOf(row), { timeFormat: row.name, dayOrder: row.order, year: 2023 });
  const stamper = createStamper(plan as StampPlan, { bytes });
  assert.equal(stamper.read(0, bytes.length), true, line);
  return new TextDecoder().decode(bytes.subarray(stamper.at, stamper.at + stamper.length));
}

/** What luxon makes of a stamp, in the year (and on the day) of `instant` where it has none; undefined where it cannot read it. */
function luxonInstant(pattern: string, stamp: string, instant: string): number | undefined {
  const written = luxonFormat(pattern, stamp);
  if (written === undefined) return undefined;
  const expected = DateTime.fromISO(instant, { zone: 'UTC' });
  const { year, month, day } = expected;
  const hasYear = /yy|kkkk/.test(written);
  const hasDay = /d|ooo|c/.test(written.replace(/'[^']*'/g, ''));
  const lacking = hasYear ? '' : hasDay ? 'yyyy ' : 'yyyy M d ';
  const before = hasYear ? '' : hasDay ? `${year} ` : `${year} ${month} ${day} `;
  const read = DateTime.fromFormat(before + stamp, lacking + written, { zone: 'UTC', locale: 'en-US' });
  return read.isValid ? read.toMillis() : undefined;
}

/** Rows of which luxon reads no sample: it has no token for them. */
const OTHERS: readonly string[] = [
  ...['iso-fields', 'cmtrace'], // a zone in another field, minutes without hours
  ...['zone-first', 'utctime'], // an abbreviation, a Z that is no offset
  ...['uptime', 'uptime-word', 'uptime-ms', 'logrus'], // counted from a start
  ...['mjd', 'julian-date', 'ntp', 'tai64n', 'filetime', 'dotnet-ticks'],
  'time-process', // a number that tells nothing
  ...TIME_FORMATS.flatMap(({ name }) => (name.startsWith('epoch') ? [name] : [])),
];

test('what luxon can read of the samples it reads as the same instants', () => {
  const compared = new Set<string>();
  for (const row of TIME_FORMATS) {
    for (const [line, instant] of row.zoneAfter === undefined ? row.samples : []) {
      const read = luxonInstant(row.pattern, stampOf(row, line), instant);
      if (read === undefined) continue;
      assert.equal(read, Date.parse(instant), `${row.name}: ${line}`);
      compared.add(row.name);
    }
  }
  assert.deepEqual(
    TIME_FORMATS.map(({ name }) => name).filter((name) => !compared.has(name)),
    TIME_FORMATS.map(({ name }) => name).filter((name) => OTHERS.includes(name)),
  );
});
