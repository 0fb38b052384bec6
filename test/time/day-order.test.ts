import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstant, instantOf } from '../../src/core/instant.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { createStamper } from '../../src/time/stamper.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The date of the first line, and whether there was a doubt about it. */
function first(lines: readonly string[], modified?: string): { date: string; doubt: string | undefined } {
  const texts = lines.map(encode);
  const seconds = modified === undefined ? undefined : BigInt(Date.parse(modified)) * 1_000_000n;
  const plan = detectStamp(texts, 'line', { modified: seconds });
  assert.ok(plan);
  const stamper = createStamper(plan, { bytes: texts[0] });
  assert.equal(stamper.read(0, texts[0].length), true);
  return { date: formatInstant(instantOf(stamper.high, stamper.low), 0).slice(0, 10), doubt: plan.doubts[0]?.what };
}

const cases: [what: string, lines: string[], modified: string | undefined, date: string, doubt: RegExp | undefined][] =
  [
    ['a field above 12 is no month', ['13/03/2024 06:59:58 a'], undefined, '2024-03-13', undefined],
    ['a first field above 31 is no day', ['99/03/10 06:59:58 a'], undefined, '1999-03-10', undefined],
    [
      'days that follow one another in one order are months apart in another',
      ['24-03-10 23:59:58 a', '24-03-11 00:00:04 a', '24-03-12 08:00:00 a'],
      undefined,
      '2024-03-10',
      undefined,
    ],
    [
      'of three orders the one that ends when the file did',
      ['24-01-15 06:59:58 a'],
      '2024-01-15T07:00:00Z',
      '2024-01-15',
      undefined,
    ],
    ['the same the other way round', ['15-01-24 06:59:58 a'], '2024-01-15T07:00:00Z', '2024-01-15', undefined],
    [
      'a file that was copied years later tells nothing: the last year is taken, and said',
      ['17/06/09 20:10:40 INFO a'],
      '2026-01-01T00:00:00Z',
      '2017-06-09',
      /whether years or days come first; read as year\/month\/day/,
    ],
    [
      'no year beyond the modification time is taken',
      ['29-08-24 13:17:25 a'],
      '2026-01-01T00:00:00Z',
      '2024-08-29',
      /years or days/,
    ],
    [
      'days or months',
      ['03/04/2024 06:59:58 a'],
      '2026-01-01T00:00:00Z',
      '2024-03-04',
      /days or months come first; read as month\/day/,
    ],
    ['a day of the week', ['Mon 04/03/2024 06:59:58 a'], undefined, '2024-03-04', undefined],
    ['the same the other way round', ['Wed 04/03/2024 06:59:58 a'], undefined, '2024-04-03', undefined],
    [
      'a day of the week that no order gives',
      ['Tue 04/03/2024 06:59:58 a'],
      '2026-01-01T00:00:00Z',
      '2024-04-03',
      /days or months/,
    ],
    ['months cannot lie in the future', ['03/04/2024 06:59:58 a'], '2024-03-20T00:00:00Z', '2024-03-04', undefined],
    [
      'one date that is the same in both orders hides no other',
      ['03/04/2024 06:59:58 a', '04/04/2024 06:59:58 b'],
      undefined,
      '2024-03-04',
      /days or months come first/,
    ],
    ['where all orders say the same there is no doubt', ['05/05/2005 06:59:58 a'], undefined, '2005-05-05', undefined],
  ];

for (const [what, lines, modified, date, doubt] of cases) {
  test(`${what}: ${lines[0]}`, () => {
    const found = first(lines, modified);
    assert.equal(found.date, date);
    if (doubt === undefined) assert.equal(found.doubt, undefined);
    else assert.match(found.doubt ?? '', doubt);
  });
}
