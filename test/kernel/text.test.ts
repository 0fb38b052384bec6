import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMemory, type Memory } from '../../src/core/memory.ts';
import type { CountingFramer, FramerContext } from '../../src/input/framer.ts';
import { TextFramer } from '../../src/input/text.ts';
import { detectStamp } from '../../src/time/detect.ts';
import type { StampPlan, StampSettings } from '../../src/time/plan.ts';
import type { PlannedStamper } from '../../src/time/planned-stamper.ts';
import { createStamper } from '../../src/time/stamper.ts';
import { parseZone } from '../../src/time/zone.ts';
import type { Pieces } from './framing.ts';
import { ReferenceFramer } from './text-reference.ts';

const BUDGET = 1 << 18;
const fast = createMemory(BUDGET);
const slow = createMemory(BUDGET);

/** How stamps of a family are written, and what else stands in its lines that may look like a stamp or its end. */
interface Family {
  name: string;
  stamp: (date: Date) => string;
  settings?: StampSettings;
}

const two = (value: number): string => String(value).padStart(2, '0');
const iso = (date: Date): string => date.toISOString();
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const clock = (date: Date): string => iso(date).slice(11, 19);
const half = (date: Date, written: (hour: number) => string): string =>
  `${written(date.getUTCHours() % 12 || 12)}:${iso(date).slice(14, 19)} ${date.getUTCHours() < 12 ? 'AM' : 'PM'}`;
const syslog = (date: Date): string =>
  `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${clock(date)}`;
const clf = (date: Date): string =>
  `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock(date)}`;

const dayOfYear = (date: Date): string =>
  String(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0)) / 86_400_000) + 1).padStart(3, '0');

const FAMILIES: readonly Family[] = [
  { name: 'UTC', stamp: (date) => `${iso(date)} ` },
  { name: 'offsets that change', stamp: (date) => `${iso(date).slice(0, 23)}+0${date.getUTCSeconds() & 3}:00 ` },
  { name: 'no zone', stamp: (date) => `${iso(date).slice(0, 19).replace('T', ' ')} ` },
  {
    name: 'a zone whose clock is set back',
    stamp: (date) => `${iso(date).slice(0, 23).replace('T', ' ')} `,
    settings: { zone: parseZone('Europe/Berlin'), dst: 'order' },
  },
  { name: 'in brackets', stamp: (date) => `[${iso(date).slice(0, 23).replace('.', ',')}] ` },
  { name: 'whole seconds before a comma', stamp: (date) => `${iso(date).slice(0, 19)},` },
  { name: 'no year', stamp: (date) => `${syslog(date)} host `, settings: { year: 2023 } },
  { name: 'no year, not known either', stamp: (date) => `${syslog(date)} host ` },
  { name: 'priorities', stamp: (date) => `<${date.getUTCSeconds()}>1 ${iso(date)} ` },
  { name: 'inside', stamp: (date) => `10.0.0.${date.getUTCSeconds()} - - [${clf(date)} +0100] ` },
  { name: 'alone', stamp: (date) => iso(date).slice(0, 19) },
  { name: 'shifted', stamp: (date) => `${iso(date)} `, settings: { shift: -1_500_000_000n } },
  { name: 'seconds since 1970', stamp: (date) => `${(date.getTime() / 1000).toFixed(3)} ` },
  { name: 'milliseconds since 1970', stamp: (date) => `${date.getTime()} ` },
  {
    name: 'seconds that are shifted to where instants end',
    stamp: (date) => `${1_710_000_000 + (date.getTime() % 97) * 20_000_000}.5 `,
    settings: { shift: 6_100_000_000_000_000_000n },
  },
  { name: 'times alone', stamp: (date) => `${clock(date)}.5 ` },
  {
    name: 'times alone of a known day',
    stamp: (date) => `${clock(date)}.5 `,
    settings: { anchor: 1_709_942_400_000_000_000n },
  },
  { name: 'times alone in a zone', stamp: (date) => `${clock(date)} `, settings: { zone: parseZone('Europe/Berlin') } },
  { name: 'AM and PM', stamp: (date) => `${iso(date).slice(0, 10)} ${half(date, two)} ` },
  { name: 'AM and PM, hours of one digit', stamp: (date) => `${iso(date).slice(0, 10)} ${half(date, String)} ` },
  {
    name: 'hours of one digit',
    stamp: (date) => `${iso(date).slice(0, 10)} ${date.getUTCHours()}:${iso(date).slice(14, 23)} `,
  },
  { name: 'AM and PM, times alone', stamp: (date) => `${half(date, String)} ` },
  { name: 'days of the year', stamp: (date) => `${iso(date).slice(0, 4)}-${dayOfYear(date)}T${clock(date)}Z ` },
  {
    name: 'years of two digits',
    stamp: (date) => `${iso(date).slice(2, 10).replaceAll('-', '/')} ${clock(date)} `,
  },
  {
    name: 'the day first',
    stamp: (date) => `${iso(date).slice(0, 10).split('-').reverse().join('.')} ${clock(date)} `,
  },
  {
    name: 'days that few months have',
    stamp: (date) => `${iso(date).slice(0, 8)}${31 - (date.getTime() % 3)}${iso(date).slice(10)} `,
  },
  {
    name: 'months that no year has',
    stamp: (date) => `${iso(date).slice(0, 5)}${two(date.getTime() % 15)}${iso(date).slice(7)} `,
  },
  { name: 'names of days', stamp: (date) => `${date.toUTCString().replace('GMT', '+0000')} ` },
];

const rests = fc.constantFrom(
  '',
  'a',
  'GET /x 200',
  '+0200 x',
  'PM',
  '7',
  'x'.repeat(14),
  'y'.repeat(70),
  '[12/x',
  '\r',
);

/** What stands between: nothing that is a record, a line that nearly is one, lines of every length around 16 and 64, many in few bytes. */
const strays = fc.constantFrom(
  '',
  ' at x',
  '2024-13-10T07:00:00Z no',
  '2024-03-10T07:0',
  '[',
  'm'.repeat(63),
  '-'.repeat(16),
  '\n'.repeat(9),
);

const lineOf = fc.record({
  /** Milliseconds to the line before: some seconds, late ones, over midnight, over months, around the change of a clock, centuries. */
  step: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 5000 }) },
    fc.integer({ min: -3000, max: 3000 }),
    fc.constantFrom(
      3_600_000,
      -3_000_000,
      43_200_000,
      86_400_000,
      2_700_000_000,
      -86_400_000,
      2_000_000_000_000,
      -9_000_000_000_000,
    ),
  ),
  rest: rests,
  stray: fc.option(strays, { freq: 6 }),
});

const BEGINNINGS = [
  '2024-03-09T23:59:50.000Z',
  '2023-10-29T00:58:00.250Z',
  '2024-02-28T12:00:00.999Z',
  '2023-12-31T23:00:00.000Z',
];

const caseOf = fc.record({
  family: fc.nat(FAMILIES.length - 1),
  beginning: fc.constantFrom(...BEGINNINGS),
  lines: fc.array(lineOf, { minLength: 1, maxLength: 90 }),
  ended: fc.boolean(),
  reads: fc.array(fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 9000 })), {
    minLength: 1,
    maxLength: 4,
  }),
  rowLimits: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }),
});

type Case = typeof caseOf extends fc.Arbitrary<infer T> ? T : never;

/** Years that are written with four digits. */
const [FIRST_TIME, LAST_TIME] = [Date.parse('1000-01-01T00:00:00Z'), Date.parse('9998-01-01T00:00:00Z')];

function textOf({ family, beginning, lines, ended }: Case): string {
  let time = Date.parse(beginning);
  const { stamp } = FAMILIES[family];
  const texts = lines.flatMap(({ step, rest, stray }) => {
    if (time + step > FIRST_TIME && time + step < LAST_TIME) time += step;
    const line = `${stamp(new Date(time))}${rest}`;
    return stray === null ? [line] : [line, stray];
  });
  return texts.join('\n') + (ended ? '\n' : '');
}

/** All that a framer makes of a text, read in pieces at the end of the memory, so that there is nothing behind them. */
function frame(memory: Memory, framer: CountingFramer, text: string, { reads, rowLimits }: Pieces): unknown[] {
  const bytes = Buffer.from(text);
  const rows: unknown[] = [];
  let taken = 0;
  let given = 0;
  for (let turn = 0; taken < bytes.length || turn === 0; turn++) {
    given = Math.min(bytes.length, given + reads[turn % reads.length]);
    const from = memory.bytes.length - (given - taken);
    memory.bytes.fill(10, from - 100, from);
    memory.bytes.set(bytes.subarray(taken, given), from);
    framer.frame(from, memory.bytes.length, given === bytes.length, 2, rowLimits[turn % rowLimits.length]);
    for (let row = 2; row < 2 + framer.rows; row++) {
      const [start, end] = [memory.start[row], memory.end[row]];
      const key = [memory.keys[2 * row + 1], memory.keys[2 * row]];
      const stamp = [memory.stampAt[row], memory.stampLength[row]];
      rows.push([start - from + taken, end - from + taken, ...key, ...stamp, memory.line[row], memory.flags[row]]);
    }
    taken += framer.consumed - from;
  }
  return rows;
}

function told(framer: CountingFramer, { counters, digits, walk, days, clock }: PlannedStamper): unknown {
  // Which lines the slow reader had to read is the stamper's own business.
  const { slow: _, ...rest } = counters;
  const walks = { year: walk.year, last: walk.last, days: days.remember(), clock: clock.remember() };
  return { ...rest, digits, ...walks, lines: framer.line, undated: framer.undated };
}

/** Holds the rows that the kernel makes against those of the plain framer. Returns how many lines it has read by itself. */
function framedAlike(name: string, plan: StampPlan, text: string, pieces: Pieces): number {
  const stampers = [fast, slow].map((memory) => createStamper(plan, memory)) as [PlannedStamper, PlannedStamper];
  let asked = 0;
  const read = stampers[0].read.bind(stampers[0]);
  stampers[0].read = (start, end) => {
    asked++;
    return read(start, end);
  };
  const context = (memory: Memory, stamper: PlannedStamper): FramerContext => {
    return { memory, stamper, source: 3, label: name, warn() {}, lastKey: undefined };
  };
  const quick = new TextFramer(context(fast, stampers[0]));
  const plain = new ReferenceFramer(context(slow, stampers[1]));
  assert.deepEqual(frame(fast, quick, text, pieces), frame(slow, plain, text, pieces), name);
  assert.deepEqual(told(quick, stampers[0]), told(plain, stampers[1]), name);
  return text.split('\n').length - asked;
}

test('the kernel makes the rows of text that the plain framer makes, wherever the bytes are cut', () => {
  let byKernel = 0;
  fc.assert(
    fc.property(caseOf, (one) => {
      const text = textOf(one);
      const { settings = {}, name } = FAMILIES[one.family];
      const plan = detectStamp(
        text.split('\n').map((line) => Buffer.from(line)),
        'line',
        settings,
      );
      if (plan === undefined) return;
      byKernel += framedAlike(name, plan, text, one);
    }),
    { numRuns: 1500, endOnFailure: true },
  );
  assert.ok(byKernel > 3000, `only ${byKernel} lines were read by the kernel itself`);
});

function planOf(lines: readonly string[]): StampPlan {
  const plan = detectStamp(
    lines.map((line) => Buffer.from(line)),
    'line',
    {},
  );
  assert.ok(plan !== undefined, lines[0]);
  return plan;
}

test('dates in any order are read by the kernel, once it knows how they are written', () => {
  const day = (i: number): Date =>
    new Date(Date.UTC(2024, 0, 1 + ((i * 7919) % 700), (i * 5) % 24, (i * 7) % 60, i % 60));
  for (const name of ['UTC', 'no zone', 'in brackets', 'the day first', 'years of two digits', 'days of the year']) {
    const { stamp } = FAMILIES.find((family) => family.name === name) as Family;
    const lines = Array.from({ length: 1000 }, (_, i) => `${stamp(day(i))}x`);
    const byKernel = framedAlike(name, planOf(lines), `${lines.join('\n')}\n`, { reads: [9000], rowLimits: [100] });
    assert.ok(byKernel > 990, `${name}: only ${byKernel}`);
  }
});

const YEARS = [1677, 1678, 1700, 1899, 1900, 1904, 1970, 1999, 2000, 2001, 2024, 2100, 2261, 2262, 2263];
const SHORT_YEARS = Array.from({ length: 100 }, (_, year) => two(year));
const MONTH_DAYS = [0, 1, 2, 3, 4, 6, 9, 11, 12, 13].flatMap((month) =>
  [0, 1, 2, 27, 28, 29, 30, 31, 32].map((day) => `${two(month)}-${two(day)}`),
);
const YEAR_DAYS = ['000', '001', '059', '060', '061', '364', '365', '366', '367'];

/** One line as most are written, and those that follow it. */
const CALENDARS: [first: string, years: readonly (number | string)[], dates: readonly string[], rest: string][] = [
  ['2024-03-27', YEARS, MONTH_DAYS, ' 07:00:00 x'],
  ['2024-059', YEARS, YEAR_DAYS, 'T07:00:00 x'],
  ['24-03-27', SHORT_YEARS, ['02-28', '02-29'], ' 07:00:00 x'],
];

test('the kernel knows the same dates as the plain reader, and no others', () => {
  for (const [first, years, dates, rest] of CALENDARS) {
    const known = Array.from({ length: 32 }, () => `${first}${rest}`);
    const lines = years.flatMap((year) => dates.map((date) => `${year}-${date}${rest}`));
    const text = [...known, ...lines, ''].join('\n');
    const byKernel = framedAlike(first, planOf(known), text, { reads: [text.length], rowLimits: [2000] });
    assert.ok(byKernel > lines.length / 3, `${first}: only ${byKernel}`);
  }
});
