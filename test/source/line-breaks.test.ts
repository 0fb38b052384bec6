import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UTF8 } from '../../src/source/encoding.ts';
import { LINE_BREAKS, type LineBreaks } from '../../src/source/line-breaks.ts';
import { textOf } from '../../src/source/transcode.ts';
import { streamOf } from './compressors.ts';
import { readAll } from './tools.ts';

const [EVENTS, FRAMES] = LINE_BREAKS as [LineBreaks, LineBreaks];
const frame = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

async function broken(breaks: LineBreaks, text: string, step: number): Promise<string> {
  return (await readAll(textOf(streamOf(Buffer.from(text), step), { ...UTF8, breaks }, assert.fail))).toString();
}

const CASES: readonly [string, LineBreaks, string, string][] = [
  [
    'events',
    EVENTS,
    '<?xml version="1.0"?><Events><Event a="1">é</Event><Event>\n</Event></Events>',
    '<?xml version="1.0"?><Events><Event a="1">é</Event>\n<Event>\n</Event></Events>',
  ],
  [
    'frames',
    FRAMES,
    [frame('<34>1 é'), frame('<3>two\nlines'), `${frame('<3>ended')}\n`, frame('<3>itself\n'), frame('<3>x')].join(''),
    '8 <34>1 é\n12 <3>two\nlines\n8 <3>ended\n10 <3>itself\n4 <3>x',
  ],
  [
    'what is no frame, and all behind it',
    FRAMES,
    `${frame('<34>1')}${frame('<3>b')}x4 <3>c4 <3>d`,
    '5 <34>1\n4 <3>bx4 <3>c4 <3>d',
  ],
  ['a frame that is cut', FRAMES, `${frame('<34>1')}12 <3>b`, '5 <34>1\n12 <3>b'],
];

for (const [what, breaks, text, wanted] of CASES) {
  test(`${what}: a line each, however the bytes are cut`, async () => {
    assert.ok(breaks.isIn(Buffer.from(text)));
    for (const step of [1, 2, 3, 7, 1000]) assert.equal(await broken(breaks, text, step), wanted);
  });
}

test('what has a line each already is left as it is', () => {
  const lines = '5 <34>1\n4 <3>b\n';
  for (const text of [lines, '5 <34>1', '6 <34>12 <3>b', 'a </Event><Event', '<a>\n<b>', ''])
    assert.deepEqual(
      LINE_BREAKS.map(({ isIn }) => isIn(Buffer.from(text))),
      [false, false],
    );
});

test('nothing is lost or changed, whatever comes', async () => {
  const piece = fc.constantFrom('4 <3>', 'a', '\n', '5 ', '<Event', '</Event>', '</Event><Event', '<3>', '12 <1>');
  const texts = fc.array(piece, { maxLength: 20 }).map((all) => all.join(''));
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.constantFrom(EVENTS, FRAMES),
      fc.integer({ min: 1, max: 9 }),
      async (text, breaks, step) => {
        const got = await broken(breaks, text, step);
        assert.equal(got.replaceAll('\n', ''), text.replaceAll('\n', ''));
        assert.equal(got, await broken(breaks, text, 1000));
      },
    ),
    { endOnFailure: true },
  );
});
