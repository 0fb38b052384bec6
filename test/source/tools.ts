import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Problem, TsalignError } from '../../src/core/problem.ts';
import type { ByteStream } from '../../src/core/stages.ts';
import type { SourcePath } from '../../src/source/source-path.ts';

export const FIXTURES = join(import.meta.dirname, '../../fixtures');

/** A folder that is gone after the test. */
export function tempFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsalign-test-'));
  chmodSync(folder, 0o755);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const named = (file: string): SourcePath => ({ path: file, file, origin: 'named' });

/** Reads to the end, `step` bytes at most at a time, each into the middle of a larger memory. */
export async function readAll(stream: ByteStream, step = 4096): Promise<Buffer> {
  const memory = new Uint8Array(step + 16).fill(0x23);
  const parts: Buffer[] = [];
  for (;;) {
    const count = await stream.read(memory, 8, step);
    if (count === 0) break;
    parts.push(Buffer.from(memory.slice(8, 8 + count)));
    if (memory[7] !== 0x23 || memory[8 + step] !== 0x23) throw new Error('wrote outside the range that was given');
  }
  await stream.close();
  return Buffer.concat(parts);
}

/** Matches a TsalignError by its code and a part of its sentence. */
export const problem = (code: Problem['code'], part: RegExp) => (error: unknown) =>
  error instanceof TsalignError && error.problem.code === code && part.test(error.message);

/** For a `warn` that must not be called. */
export const never = (given: Problem): never => {
  throw new Error(`unexpected: ${given.code} ${given.where} ${given.what}`);
};

/** Root may read everything; as somebody else it may not. */
export async function withoutPrivileges(work: () => void | Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}
