import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nameOf, OPTIONS } from '../src/cli/options.ts';

/**
 * The cases: a folder each, with a shell line in `cmd` and what comes of it in `stdout`, `stderr` and `exit` (nothing, and
 * 0, where there is no such file). The line runs in a copy of the folder, with the fixtures at ../../../fixtures, and
 * `tsalign` is what was built. UPDATE=1 writes down what came, for review.
 */
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const CASES = join(ROOT, 'test', 'cases');
const EXPECTED = ['stdout', 'stderr', 'exit'] as const;
const TIMEOUT_MS = 60_000;

type Outcome = Record<(typeof EXPECTED)[number], string>;

/** Nothing of the caller's terminal, zone or language reaches a case. */
const ENVIRONMENT = { HOME: '/nonexistent', LC_ALL: 'C', TZ: 'UTC' };

const names = readdirSync(CASES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe('cases', { concurrency: 2 }, () => {
  for (const name of names) {
    test(name, async () => {
      assert.ok(existsSync(join(ROOT, 'dist', 'cli', 'index.js')), 'tsalign is not built; run npm run build');
      const outcome = await runCase(name);
      if (process.env.UPDATE) writeExpected(name, outcome);
      assert.deepEqual(outcome, readExpected(name));
    });
  }
});

test('every option stands in a case', () => {
  const lines = names.map((name) => readCommand(name)).join('\n');
  const words = new Set(lines.split(/[\s=;|]+/));
  const missing = OPTIONS.filter(
    (option) => !option.flags.split(/[ ,]+/).some((flag) => flag.startsWith('-') && words.has(flag)),
  );
  assert.deepEqual(missing.map(nameOf), []);
});

const readCommand = (name: string): string => readFileSync(join(CASES, name, 'cmd'), 'utf8');

/** Runs a case in a copy of its folder; what it writes outside of `cmd`'s own words is gone afterwards. */
async function runCase(name: string): Promise<Outcome> {
  const root = mkdtempSync(join(tmpdir(), 'tsalign-case-'));
  const cwd = join(root, 'test', 'cases', name);
  try {
    mkdirSync(dirname(cwd), { recursive: true });
    mkdirSync(join(root, 'tmp'));
    symlinkSync(join(ROOT, 'fixtures'), join(root, 'fixtures'));
    mkdirSync(join(root, 'bin'));
    symlinkSync(join(ROOT, 'bin', 'tsalign.js'), join(root, 'bin', 'tsalign'));
    cpSync(join(CASES, name), cwd, { recursive: true, filter: (path) => !isExpectation(path, name) });
    const { stdout, stderr, code } = await shell(readCommand(name), cwd, root);
    return { stdout: stdout.replaceAll(cwd, '.'), stderr: stderr.replaceAll(cwd, '.'), exit: `${code}\n` };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const isExpectation = (path: string, name: string): boolean =>
  [...EXPECTED, 'cmd'].some((file) => path === join(CASES, name, file));

/** @param root its bin holds `tsalign` itself, not a function: what a script kills must be it */
function shell(script: string, cwd: string, root: string): Promise<{ stdout: string; stderr: string; code: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script], {
      cwd,
      env: { ...ENVIRONMENT, PATH: `${join(root, 'bin')}:${process.env.PATH}`, TMPDIR: join(root, 'tmp') },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    // A case that waits for ever is ended with all that it started; its exit code is then -1.
    const end = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), TIMEOUT_MS);
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (part: string) => {
        text[stream] += part;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(end);
      resolve({ ...text, code: code ?? -1 });
    });
  });
}

const DEFAULTS: Outcome = { stdout: '', stderr: '', exit: '0\n' };

function readExpected(name: string): Outcome {
  const entries = EXPECTED.map((file) => {
    const path = join(CASES, name, file);
    return [file, existsSync(path) ? readFileSync(path, 'utf8') : DEFAULTS[file]];
  });
  return Object.fromEntries(entries) as Outcome;
}

function writeExpected(name: string, outcome: Outcome): void {
  for (const file of EXPECTED) {
    const path = join(CASES, name, file);
    if (outcome[file] === DEFAULTS[file]) rmSync(path, { force: true });
    else writeFileSync(path, outcome[file]);
  }
}
