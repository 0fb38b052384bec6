import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PROBLEM_CODES } from '../../src/core/problem.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('docs/errors.md explains every code, and no other', () => {
  const explained = [...read('docs/errors.md').matchAll(/^### (\S+)$/gm)].map(([, code]) => code);
  assert.deepEqual(explained, [...PROBLEM_CODES]);
});

test('every code is produced by the case of its name', () => {
  const runs = read('test/cases/errors-json-codes/stderr')
    .split(/^# (?!exit)/m)
    .slice(1);
  const produced = runs.map((run) => {
    const [name, ...lines] = run.split('\n');
    const codes = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line).code as string);
    assert.ok(codes.includes(name), `${name}: ${codes}`);
    return name;
  });
  assert.deepEqual(produced, [...PROBLEM_CODES]);
});
