import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NdjsonPlan } from '../../src/core/stages.ts';
import { STOPS_AHEAD } from '../../src/kernel/layout.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { compareWithScanner } from './framing.ts';

const PATHS: readonly string[][] = [['ts'], ['meta', 'time'], ['list', '0', 'at'], ['a', '0'], ['ts', '0'], ['é']];
const space = fc.constantFrom('', '', '', ' ', '\t', '  ');
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('x'.repeat(15), 'x'.repeat(16), 'x'.repeat(17), 'y'.repeat(200), '"', '\\', '\n', '\u0001'),
);
const scalar = fc.oneof(
  text.map((value) => JSON.stringify(value)),
  fc.double().map((value) => JSON.stringify(value)),
  fc.constantFrom('true', 'false', 'null', '-0', '1e5', '0.5E-3', '"\\u00e9\\/"', '[]', '{}', '[1,[2,{"ts":3}]]'),
  // What no JSON is.
  fc.constantFrom('01', '1.', 'tru', 'nulll', "'x'", '"\\x"', '"\\u00g0"', '-', '[1,]', '{"a"}', '"\t"', ''),
);
const stamp = fc.nat(90_000).map((ms) => JSON.stringify(new Date(1_710_100_800_000 - 45_000 + ms).toISOString()));
const millis = fc.nat(90_000).map((ms) => String(1_710_100_800_000 + ms));
/** By the stamp that tells how they are written. */
const KINDS = { '2024-03-10T07:00:00.000Z': stamp, '1710053998120': millis };
type Kind = keyof typeof KINDS;
const timeValueOf = (kind: Kind) => fc.oneof({ weight: 20, arbitrary: KINDS[kind] }, scalar);
const name = fc.oneof(
  fc.constantFrom('level', 'msg', 't', 'tss', 'meta', 'list', 'a', 'ts', 'time'),
  text.map((value) => JSON.stringify(value).slice(1, -1)),
);

/** The value at a path below the first level. */
function nested(path: readonly string[], value: string): string {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  return first === '0' ? `[${nested(rest, value)},7]` : `{"x":{},"${first}":${nested(rest, value)}}`;
}

const member = fc.tuple(name, fc.oneof({ weight: 12, arbitrary: text.map((value) => JSON.stringify(value)) }, scalar));

const lineOf = (path: readonly string[], kind: Kind) =>
  fc
    .record({
      before: fc.array(member, { maxLength: 4 }),
      time: fc.array(timeValueOf(kind), { minLength: 1, maxLength: 2 }),
      after: fc.array(member, { maxLength: 4 }),
      gap: space,
      cut: fc.option(fc.nat(120), { freq: 12 }),
      behind: fc.oneof({ weight: 15, arbitrary: fc.constant('') }, fc.constantFrom(' ', '\r', 'x', '}', ',')),
    })
    .map(({ before, time, after, gap, cut, behind }) => {
      const own = time.map((value): [string, string] => [path[0], nested(path.slice(1), value)]);
      const members = [...before, ...own, ...after].map(([key, value]) => `"${key}"${gap}:${gap}${value}`);
      const line = `${gap}{${gap}${members.join(`${gap},${gap}`)}${gap}}${behind}`;
      return cut === null ? line : line.slice(0, cut);
    });

const caseOf = fc
  .tuple(fc.constantFrom(...PATHS), fc.constantFrom(...(Object.keys(KINDS) as Kind[])))
  .chain(([path, kind]) =>
    fc.record({
      path: fc.constant(path),
      kind: fc.constant(kind),
      lines: fc.array(lineOf(path, kind), { minLength: 1, maxLength: 30, size: 'max' }),
      ended: fc.boolean(),
      reads: fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 4 }),
      rowLimits: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }),
    }),
  );

test('the kernel makes the rows of JSON lines that the scanner makes', () => {
  let byKernel = 0;
  fc.assert(
    fc.property(caseOf, (one) => {
      const plan = detectStamp([Buffer.from(one.kind)], 'field', {});
      assert.ok(plan);
      const input: NdjsonPlan = { format: 'ndjson', layout: 'lines', recordsAt: [], timePaths: [one.path, ['level']] };
      const bytes = Buffer.from(one.lines.join('\n') + (one.ended ? '\n' : ''));
      byKernel += compareWithScanner(plan, input, bytes, one);
    }),
    { numRuns: 1500, endOnFailure: true },
  );
  assert.ok(byKernel > 1000, `only ${byKernel} lines were dated`);
});

const textValue = text.map((value) => JSON.stringify(value));
const numberValue = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom('true', 'null', '12', '0'),
);

/** What stands between the values of the lines of one program; `?` for a text, `#` for a number or word, `!` for the time. */
const SHAPES = [
  '{"ts":!,"level":?,"n":#,"msg":?}',
  '{ "n" : # , "user": {"id":#,"name":?}, "ts" : ! ,"tags":[?,?],"rest":{} }',
  '{"a":[],"ts":!,"ts":#,"ts":!}\r',
  `{"${'long name '.repeat(9)}":#,"ts":!,"${'x'.repeat(16)}":?,"e":?}`,
  '{"ts":!,"level":?,"n":#}',
  '{"ts":!,"msg":?}',
  '{"msg":?,"ts":!}',
];

const alike = fc.record({
  /** Those of the lines, in turn: the kernel keeps fewer than there may be. */
  shapes: fc.array(fc.constantFrom(...SHAPES), { minLength: 1, maxLength: SHAPES.length }),
  kind: fc.constantFrom(...(Object.keys(KINDS) as Kind[])),
  values: fc.array(fc.record({ text: textValue, number: numberValue, other: scalar }), { minLength: 8, maxLength: 8 }),
  /** Puts something else in place of a value, or changes one byte, in every so many lines. */
  damage: fc.array(fc.option(fc.tuple(fc.nat(2), fc.nat(250)), { freq: 4 }), {
    minLength: 1,
    maxLength: 60,
    size: 'max',
  }),
});

type Alike = typeof alike extends fc.Arbitrary<infer T> ? T : never;

function alikeLines({ shapes, kind, values, damage }: Alike): Buffer {
  const lines = damage.map((harm, i) => {
    let at = i;
    const stamp = new Date(1_710_100_800_000 - 45_000 + i * 3000).toISOString();
    const time = kind === '1710053998120' ? String(Date.parse(stamp)) : JSON.stringify(stamp);
    const line = shapes[i % shapes.length].replace(/[?#!]/g, (place) => {
      const { text, number, other } = values[at++ % values.length];
      if (harm?.[0] === 0 && at % 8 === harm[1] % 8) return other;
      return place === '!' ? time : place === '?' ? text : number;
    });
    const bytes = Buffer.from(line);
    if (harm?.[0] === 1) bytes[harm[1] % bytes.length] = 'x":,}\\'.charCodeAt(harm[1] % 6);
    return Buffer.concat([bytes, Buffer.of(10)]);
  });
  return Buffer.concat(lines);
}

test('the kernel makes the rows of lines that are spelled alike that the scanner makes', () => {
  let byKernel = 0;
  const pieces = fc.record({
    reads: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 4 }),
    rowLimits: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(alike, pieces, (one, cut) => {
      const plan = detectStamp([Buffer.from(one.kind)], 'field', {});
      assert.ok(plan);
      const input: NdjsonPlan = { format: 'ndjson', layout: 'lines', recordsAt: [], timePaths: [['ts']] };
      byKernel += compareWithScanner(plan, input, alikeLines(one), cut);
    }),
    { numRuns: 400, endOnFailure: true },
  );
  assert.ok(byKernel > 400, `only ${byKernel} lines were dated`);
});

test('lines that are alike and have more values than are kept', () => {
  const shape = `{"list":[${Array.from({ length: 300 }, () => '#')}],"ts":!}`;
  const one = { kind: '1710053998120', values: [{ text: '"a"', number: '12', other: '01' }] } as const;
  const plan = detectStamp([Buffer.from(one.kind)], 'field', {});
  assert.ok(plan);
  const input: NdjsonPlan = { format: 'ndjson', layout: 'lines', recordsAt: [], timePaths: [['ts']] };
  const damage = [null, null, null, [0, 1], null] as Alike['damage'];
  const bytes = alikeLines({ ...one, shapes: [shape], values: [...one.values], damage });
  assert.ok(compareWithScanner(plan, input, bytes, { reads: [bytes.length], rowLimits: [20] }) >= 2);
});

test('strings that end beyond what is looked at at once, wherever that ends', () => {
  const plan = detectStamp([Buffer.from('1710053998120')], 'field', {});
  assert.ok(plan);
  const input: NdjsonPlan = { format: 'ndjson', layout: 'lines', recordsAt: [], timePaths: [['ts']] };
  const ahead = 8 * STOPS_AHEAD;
  const lengths = fc.oneof(
    { weight: 8, arbitrary: fc.nat(200) },
    fc.integer({ min: ahead - 130, max: ahead + 130 }),
    fc.constant(3 * ahead),
  );
  const lines = fc.array(fc.record({ first: lengths, second: lengths, escaped: fc.boolean() }), {
    minLength: 1,
    maxLength: 6,
    size: 'max',
  });
  let byKernel = 0;
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 3 * ahead }), (all, read) => {
      const text = all.map(({ first, second, escaped }, i) => {
        const message = `${'x'.repeat(first)}${escaped ? '\\n' : ''}`;
        return `{"msg":"${message}","ts":${1_710_053_998_120 + i},"n":-1.5,"e":"${'y'.repeat(second)}"}\n`;
      });
      byKernel += compareWithScanner(plan, input, Buffer.from(text.join('')), { reads: [read], rowLimits: [20] });
    }),
    { numRuns: 200, endOnFailure: true },
  );
  assert.ok(byKernel > 200, `only ${byKernel} lines were dated`);
});
