import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { PROBLEM_CODES, TsalignError } from '../../src/core/problem.ts';
import type { RunReport } from '../../src/output/index.ts';
import { apply, edits } from '../helpers/edits.ts';
import { merge } from '../helpers/merge.ts';

/**
 * Whatever happens to the bytes of a source, a merge ends: with all that it read accounted for, or with an error that
 * says what is wrong. Both within time and memory.
 */

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsalign-test-'));
after(() => fs.rmSync(folder, { recursive: true }));

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));
const fixture = (name: string): Buffer => fs.readFileSync(path.join(FIXTURES, name));
const stamps = Array.from({ length: 12 }, (_, i) => `2024-03-10T07:00:${10 + i}Z`);
const objects = stamps.map((ts, n) => ({ ts, n, nested: { list: [1, 'two'] } }));

const INPUTS: Record<string, Buffer> = {
  'text.log': fixture('service.log'),
  'table.csv': fixture('db.csv'),
  'table.tsv': fixture('sensors.tsv'),
  'lines.ndjson': fixture('app.ndjson'),
  'array.json': Buffer.from(JSON.stringify(objects)),
  'pretty.json': Buffer.from(JSON.stringify({ Records: objects }, null, 2)),
  'pairs.logfmt': Buffer.from(stamps.map((ts) => `ts=${ts} level=info msg="a till"\n`).join('')),
  'fields.log': Buffer.from(
    `#Version: 1.0\n#Fields: date time c-ip\n${stamps.map((ts) => `${ts.slice(0, 10)} ${ts.slice(11, 19)} 192.0.2.1\n`).join('')}`,
  ),
  'wide.log': Buffer.from(`\ufeff${stamps.map((ts) => `${ts} till opened\r\n`).join('')}`, 'utf16le'),
  'compose.log': Buffer.from(stamps.map((ts, i) => `till-${i % 3}  | ${ts} opened\n`).join('')),
  'logs.zip': fixture('archives/logs.zip'),
  'logs.tar': fixture('archives/ustar.tar'),
};

const PACKED: Record<string, (name: string) => Buffer> = {
  '': (name) => INPUTS[name],
  '.gz': (name) => gzipSync(INPUTS[name]),
  '.br': (name) => brotliCompressSync(INPUTS[name]),
};

/** Samples of those compressions that Node cannot make. */
const COMMITTED = ['short.zst', 'short.xz', 'short.bz2', 'short.lz4'];

const SLOWEST_MS = 60_000;
const MOST_BYTES = 64 * 2 ** 20;

async function mergeDamaged(name: string, bytes: Buffer): Promise<void> {
  fs.writeFileSync(path.join(folder, name), bytes);
  const began = performance.now();
  try {
    const { result, warnings, text } = await merge(folder, {
      sources: [name],
      memory: 4 << 20,
      outputFormat: 'ndjson',
    });
    const { proof, totals } = result.report as RunReport;
    assert.deepEqual(proof, { recordsAccountedFor: true, linesAccountedFor: true });
    const lines = text.split('\n').slice(0, -1);
    assert.equal(lines.length, totals.written);
    for (const line of lines) JSON.parse(line);
    for (const { code } of warnings) assert.ok(PROBLEM_CODES.includes(code));
  } catch (error) {
    if (!(error instanceof TsalignError)) throw error;
  }
  assert.ok(performance.now() - began < SLOWEST_MS && process.memoryUsage().arrayBuffers < MOST_BYTES * 4);
}

async function check(name: string, bytes: Buffer): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(edits(bytes.length), { maxLength: 4 }), (all) =>
      mergeDamaged(name, all.reduce(apply, bytes)),
    ),
    { numRuns: Number(process.env.RUNS ?? 4), endOnFailure: true },
  );
}

for (const name of Object.keys(INPUTS)) {
  for (const [ending, pack] of Object.entries(PACKED)) {
    test(`${name}${ending}: damage ends in all accounted for, or in one sentence`, () =>
      check(name + ending, pack(name)));
  }
}

for (const name of COMMITTED) {
  test(`${name}: damage ends in all accounted for, or in one sentence`, () =>
    check(name, fixture(`compressed/${name}`)));
}

test('that a compressed source ends early is said of one whose years are found by reading it once before', async () => {
  const lines = Array.from({ length: 40 }, (_, i) => `Mar 10 00:00:${i + 10} host app: x ${i}\n`).join('');
  fs.writeFileSync(path.join(folder, 'yearless.log.gz'), gzipSync(lines).subarray(0, -6));
  const { warnings, result } = await merge(folder, { sources: ['yearless.log.gz'] });
  assert.ok(warnings.some(({ code }) => code === 'truncated'));
  assert.equal(result.setAside, true);
});
