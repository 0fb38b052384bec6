import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NdjsonPlan } from '../../src/core/stages.ts';
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
      const own = time.map((value): [string, string] => [path[0] as string, nested(path.slice(1), value)]);
      const members = [...before, ...own, ...after].map(([key, value]) => `"${key}"${gap}:${gap}${value}`);
      const line = `${gap}{${gap}${members.join(`${gap},${gap}`)}${gap}}${behind}`;
      return cut === null ? line : line.slice(0, cut);
    });

const caseOf = fc
  .tuple(fc.constantFrom(...PATHS), fc.constantFrom(...(Object.keys(KINDS) as Kind[])))
  .chain(([path, kind]) =>
    fc.record({
      path: fc.constant(path as string[]),
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
