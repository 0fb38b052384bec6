import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { follow } from '../../src/index.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-follow-'));
after(() => fs.rmSync(folder, { recursive: true }));

const line = (second: number, text: string): string => `2024-03-10T06:00:0${second}Z ${text}\n`;

const object = (second: number, id: string): string =>
  `${JSON.stringify({ ts: `2024-03-10T06:00:0${second}Z`, id })}\n`;

test('records come while a file grows, and an abort ends the loop with what was held', async () => {
  const file = path.join(folder, 'app.log');
  fs.writeFileSync(file, line(1, 'a'));
  const abort = new AbortController();
  const texts: string[] = [];
  const records = follow([file], { idleTimeout: '20ms', signal: abort.signal });
  for await (const { text } of records) {
    texts.push(text.slice(-1));
    if (text.endsWith('a')) fs.appendFileSync(file, line(2, 'b'));
    if (text.endsWith('b')) abort.abort();
  }
  assert.deepEqual(texts, ['a', 'b']);
  assert.equal((await records.result).summary.written, 2);
});

test('streams are followed to their ends; what comes late says so', async () => {
  let goOn = (): void => {};
  const seen = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  async function* lines() {
    yield [object(1, 'a'), object(5, 'b')].join('');
    await seen;
    yield [object(2, 'c'), object(6, 'd')].join('');
  }
  const records: string[] = [];
  for await (const { text, late } of follow([{ name: 'app', data: lines() }], { idleTimeout: '0' })) {
    records.push(`${JSON.parse(text).id}${late ? ' late' : ''}`);
    goOn();
  }
  assert.deepEqual(records, ['a', 'c late', 'b', 'd']);
});

test('leaving the loop ends the run', async () => {
  const file = path.join(folder, 'left.log');
  fs.writeFileSync(file, line(1, 'a') + line(2, 'b'));
  for await (const { text } of follow([file], { idleTimeout: '20ms' })) {
    assert.ok(text.endsWith('a'));
    break;
  }
});
