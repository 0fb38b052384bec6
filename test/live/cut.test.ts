import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { formatCount } from '../../src/core/count-text.ts';
import { listenToDisk } from '../../src/core/disk.ts';
import type { MergeRequest } from '../../src/request.ts';
import { type LogFolder, textLine, World } from '../helpers/simulation.ts';

/** Two logs, so long that they are read in several pieces. */
const LOGS = ['a.log', 'b.log'];
const LINES = 3000;
const lines = LOGS.map((name, log) =>
  Array.from({ length: LINES }, (_, i) => textLine(2 * i + log - 8000, `${name} ${i} ${'x'.repeat(60)}`)),
);

/** Follows the logs; at a call of the file system, counted from the first reading of a log on, something happens to one. */
async function follow(call: number, happens: (place: LogFolder) => void, asked: Partial<MergeRequest>) {
  const world = new World([{ at: 3000, act: (place) => place.append('a.log', textLine(3000, 'a.log at last')) }], 6000);
  const { place, warnings } = world;
  for (const [i, name] of LOGS.entries()) place.append(name, lines[i].join(''));
  let calls = 0;
  const ignore = listenToDisk((name, [, , , length]) => {
    if (calls === 0 && (name !== 'read' || (length as number) < 100_000)) return;
    if (++calls === call) happens(place);
  });
  try {
    await world.run({ sources: LOGS, watermarkDelay: '1s', ...asked });
    return { text: place.read('out'), warnings, isReached: calls >= call };
  } finally {
    ignore();
    fs.rmSync(place.folder, { recursive: true });
  }
}

const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

const all = [...lines.flat(), textLine(3000, 'a.log at last')].toSorted();

for (const [way, asked] of [
  ['in order', {}],
  ['with a state', { state: 'state' }],
  ['sorted, of many', { memory: 4 * 2 ** 20 }],
] as [string, Partial<MergeRequest>][]) {
  test(`a log that is copied and truncated while what stands in it is read, at any moment, loses nothing: ${way}`, async () => {
    for (let call = 1; ; call++) {
      const rotate = (place: LogFolder) => {
        place.copyAndTruncate('a.log', 'a.log.1');
      };
      const { text, warnings, isReached } = await follow(call, rotate, asked);
      if (!isReached || call > 60) break;
      assert.deepEqual(linesOf(text).toSorted(), all, `at call ${call}`);
      assert.deepEqual(warnings, [], `at call ${call}`);
    }
  });
}

test('without a copy it is said what was not read, and what comes then is', async () => {
  const truncate = (place: LogFolder) => {
    fs.truncateSync(place.path('a.log'));
    place.append('a.log', textLine(1000, 'a.log anew'));
  };
  const { text, warnings } = await follow(4, truncate, {});
  const came = linesOf(text);
  const ofA = lines[0].filter((line) => came.includes(line));
  assert.deepEqual(ofA, lines[0].slice(0, ofA.length));
  assert.equal(came.filter((line) => line.includes('b.log')).length, LINES);
  assert.ok(came.includes(textLine(1000, 'a.log anew')) && came.includes(textLine(3000, 'a.log at last')));
  const read = ofA.join('').length;
  const unread = lines[0].join('').length - read;
  assert.deepEqual(
    warnings.map(({ code, where, what }) => [code, where, what]),
    [
      [
        'truncated',
        'a.log',
        `was truncated while it was read: ${formatCount(unread)} bytes behind byte ${formatCount(read)} are not in the output`,
      ],
    ],
  );
});
