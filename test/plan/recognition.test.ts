import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recogniseSource } from '../../src/plan/recognition.ts';

const NOW = 0n;
const SETTINGS = { label: undefined, encoding: undefined, stamp: {} };

async function firstTextOf(text: string): Promise<string> {
  const sample = async () => ({ pieces: [new Uint8Array(Buffer.from(text))], whole: true });
  const path = { path: 'app.log', file: 'app.log', origin: 'named' } as const;
  const { firstText } = await recogniseSource({ path, label: 'app.log', modified: NOW }, await sample(), SETTINGS, NOW);
  return Buffer.from(firstText as Uint8Array).toString();
}

test('the first text with an instant is found behind any number of others', async () => {
  const records = ['2024-03-10T06:00:00Z first', '2024-03-10T06:00:01Z second', '2024-03-10T06:00:02Z third'];
  for (const before of [0, 1, 15, 16, 17, 40]) {
    const banner = Array.from({ length: before }, (_, i) => `banner ${'-'.repeat(i)}`);
    assert.equal(await firstTextOf(`${[...banner, ...records].join('\n')}\n`), records[0]);
  }
});
