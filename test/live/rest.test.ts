import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { ByteStream } from '../../src/core/stages.ts';
import type { Came } from '../../src/live/feed.ts';
import { newFollowed, newPart } from '../../src/live/followed.ts';
import { readRest, unreadOf } from '../../src/live/rest.ts';
import { openTail } from '../../src/source/index.ts';
import { type LogFolder, simulate, textLine } from '../helpers/simulation.ts';

const LINES = 20_000;
const many = Array.from({ length: LINES }, (_, i) => textLine(1000 + i, `of many ${i}`));

for (const state of [undefined, 'state']) {
  test(`what was written before the signal is read, wherever it stands${state === undefined ? '' : ', with a state'}`, async () => {
    const before = (place: LogFolder) => {
      for (const name of ['a.log', 'b.log']) place.append(name, textLine(0, `first of ${name}`));
    };
    const atOnce = (place: LogFolder) => {
      place.append('a.log', many.join(''));
      place.append('b.log', textLine(1000 + LINES, 'written before it was renamed'));
      place.rename('b.log', 'b.log.1');
      place.append('b.log', textLine(1001 + LINES, 'written to the new one'));
      place.append('c.log', textLine(1002 + LINES, 'written to one that nobody has seen'));
    };
    // All of it in one moment, and then the signal.
    const asked = { sources: ['a.log', 'b.log', '*.log'], ...(state && { state }), idleTimeout: '0' };
    const { text, place, result } = await simulate(before, [{ at: 900, act: atOnce }], 900, asked);
    const lines = text.split('\n').slice(0, -1);
    assert.equal(lines.length, 2 + LINES + 3);
    assert.deepEqual(lines, lines.toSorted());
    assert.equal(result.setAside, false);
    fs.rmSync(place.folder, { recursive: true });
  });
}

test('what has come through a pipe before the signal is read; one that goes on and on does not keep the run', async () => {
  for (const most of [3, Number.POSITIVE_INFINITY]) {
    let given = 0;
    const read: ByteStream['read'] = async (bytes, offset) => {
      if (given === most) return new Promise<number>(() => {});
      const line = Buffer.from(textLine(1000 + given++, 'x'));
      bytes.set(line, offset);
      return line.length;
    };
    const streams = new Map([['pipe', { read, close() {} }]]);
    const asked = { sources: ['pipe'], idleTimeout: '0', memory: 16 * 2 ** 20 };
    const { text, place } = await simulate(() => {}, [], 1, asked, { streams });
    const count = text.split('\n').length - 1;
    assert.ok(count === most || (most > 3 && count >= 3), `${count} records`);
    fs.rmSync(place.folder, { recursive: true });
  }
});

test('a source for which there is no room waits for the others; reading ends when it takes too long', async () => {
  const [near, far, endless] = ['near', 'far', 'endless'].map((file) =>
    newFollowed({ path: file, file, origin: 'named' }, file),
  );
  for (const each of [near, far, endless]) each.parts.push({} as never);
  let now = 0;
  const done: string[] = [];
  const cameOf: Record<string, Came> = { near: 'all', far: 'nothing', endless: 'some' };
  const left = await readRest([far, near, endless], {
    clock: { elapsed: () => now, sleep: async () => {}, wake() {} },
    mayRead: (followed) => followed !== far || done.includes('near'),
    read: async ({ label }) => cameOf[label],
    ended: async ({ label }) => void done.push(label),
    release: async () => {
      now += 1000;
    },
  });
  assert.deepEqual(done, ['near', 'far']);
  assert.deepEqual(left, [endless]);
  assert.equal(now, 5000);
});

test('bytes for which there was no time are told', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-rest-'));
  const file = path.join(folder, 'a.log');
  fs.writeFileSync(file, 'read, and not read');
  const followed = newFollowed({ path: file, file, origin: 'named' }, 'a.log');
  const tail = openTail(file, file, { offset: 6, mark: 0 });
  followed.parts.push(newPart(tail, file, 1));
  assert.deepEqual(unreadOf(followed), {
    code: 'truncated',
    where: 'a.log',
    what: 'its last 12 bytes are not in the output: the run was told to stop, and reading them took too long',
    hint: 'with --state the next run reads them',
  });
  fs.appendFileSync(file, '');
  tail.offset = 18;
  assert.equal(unreadOf(followed), undefined);
  tail.close();
  fs.rmSync(folder, { recursive: true });
});
