import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextAfter } from '../../src/kernel/stamp-bytes.ts';
import {
  DAY,
  FRACTION,
  HOUR,
  KINDS,
  MINUTE,
  MONTH,
  NO_OFFSET,
  SECOND,
  type StampLayout,
  YEAR,
} from '../../src/kernel/stamp-layout.ts';
import { StampTemplates } from '../../src/kernel/stamp-templates.ts';

const SHAPE = 'dddd-dd-dd dd:dd:dd.ddd|';
const FIELDS: [kind: number, at: number, length: number][] = [
  [YEAR, 0, 4],
  [MONTH, 5, 2],
  [DAY, 8, 2],
  [HOUR, 11, 2],
  [MINUTE, 14, 2],
  [SECOND, 17, 2],
  [FRACTION, 20, 3],
];

function layoutOf(text: string): StampLayout {
  const layout: StampLayout = {
    length: 23,
    fieldAt: new Int32Array(KINDS),
    fieldLength: new Int32Array(KINDS),
    values: new Float64Array(KINDS),
    fractionScale: 1_000_000,
    half: 0,
    offset: NO_OFFSET,
    zoneIndex: 0,
    lacks: 0,
    yearLow: 0,
    yearHigh: 9999,
    epochLow: 0,
    epochHigh: 0,
    continuation: undefined,
  };
  for (const [kind, at, length] of FIELDS) {
    layout.fieldAt[kind] = at;
    layout.fieldLength[kind] = length;
    layout.values[kind] = Number(text.slice(at, at + length));
  }
  return layout;
}

/** The same by a regular expression and the platform's calendar. */
function reference(text: string): { seconds: number; nanos: number } | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3})\|/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second, millis] = match.slice(1).map(Number) as [number, ...number[]];
  if (hour! > 23 || minute! > 59 || second! > 59 || month! < 1 || month! > 12 || day! < 1) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month! - 1, day);
  date.setUTCHours(hour!, minute, second);
  return date.getUTCDate() === day ? { seconds: date.getTime() / 1000, nanos: millis! * 1e6 } : undefined;
}

const digit = fc.constantFrom(...'0123456789');
const twoOf = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'));
const likely = fc
  .tuple(fc.integer({ min: 1999, max: 2001 }), twoOf(13), twoOf(32), twoOf(24), twoOf(60), twoOf(60), twoOf(99))
  .map(([y, mo, d, h, mi, s, f]) => `${y}-${mo}-${d} ${h}:${mi}:${s}.${f}7|`);
const unlikely = fc
  .tuple(fc.array(digit, { minLength: 17, maxLength: 17 }), fc.option(fc.nat(23)), fc.constantFrom(...'x/:0- '))
  .map(([digits, at, wrong]) => {
    let i = 0;
    const text = [...SHAPE].map((byte) => (byte === 'd' ? digits[i++]! : byte));
    if (at !== null) text[at] = wrong;
    return text.join('');
  });
// A date again and again, so that the quick check for an equal date is used.
const sameDay = fc
  .tuple(twoOf(25), twoOf(61), twoOf(61), digit)
  .map(([h, m, s, f]) => `2000-02-29 ${h}:${m}:${s}.12${f}|`);

test('a template reads exactly what the reference reads, after any others', () => {
  const texts = fc.array(fc.oneof(likely, sameDay, sameDay, unlikely), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(texts, (lines) => {
      const first = '2000-02-28 01:02:03.004|';
      const bytes = new Uint8Array(Buffer.from([first, ...lines].join('')));
      const templates = new StampTemplates(bytes, 2);
      assert.equal(templates.learn(0, first.length, layoutOf(first)), true);
      lines.forEach((line, i) => {
        const at = (i + 1) * SHAPE.length;
        const found = templates.read(at, at + SHAPE.length);
        const got = found && { seconds: found.seconds, nanos: found.nanos };
        assert.deepEqual(got, reference(line), line);
      });
    }),
    { numRuns: 400 },
  );
});

test('a stamp that is cut, or goes on, is left to the slow reader', () => {
  const first = '2000-02-28 01:02:03.004';
  const bytes = new Uint8Array(Buffer.from(`${first} ${first}5 ${first}`));
  const templates = new StampTemplates(bytes, 2);
  assert.equal(templates.learn(0, first.length + 1, layoutOf(first)), true);
  assert.equal(templates.read(first.length + 1, bytes.length), undefined, 'a fourth digit');
  assert.equal(templates.read(bytes.length - first.length, bytes.length), undefined, 'no blank behind it');
  assert.equal(templates.read(bytes.length - first.length + 3, bytes.length), undefined, 'too short');
});

test('nothing is learned where a sign or letter follows', () => {
  for (const after of ['+', '-', 'Z', '5']) {
    const bytes = new Uint8Array(Buffer.from(`2000-02-28 01:02:03.004${after}`));
    assert.equal(
      new StampTemplates(bytes, 2).learn(0, bytes.length, layoutOf('2000-02-28 01:02:03.004')),
      false,
      after,
    );
  }
});

test('the anchor is found at either edge, and not beyond', () => {
  const bytes = new Uint8Array(Buffer.from('a="b="c='));
  const anchor = new Uint8Array(Buffer.from('="'));
  assert.equal(nextAfter(bytes, anchor, 0, bytes.length), 3);
  assert.equal(nextAfter(bytes, anchor, 3, bytes.length), 6);
  assert.equal(nextAfter(bytes, anchor, 3, 4), -1);
  assert.equal(nextAfter(bytes, anchor, 6, bytes.length), -1);
});
