import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TsalignError } from '../../src/core/problem.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { loadFormatsFile } from '../../src/time/formats-file.ts';

const GOOD = `
- name: acme
  description: what the acme gateway writes
  pattern: "dd|MM|yy HH'h'mm"
  samples:
    - ["10|03|24 09h30 start", "2024-03-10T09:30:00Z"]
- name: ticks
  pattern: "'t='X"
  stands: [field]
  years: [1990, 2099]
  samples: [["t=1710064804", "2024-03-10T10:00:04Z"]]
`;

test('rows are read, and tried before those of the table', async () => {
  const formats = await loadFormatsFile(GOOD, 'own.yaml');
  assert.deepEqual(
    formats.map(({ name, stands }) => [name, stands]),
    [
      ['acme', ['start', 'inside', 'field']],
      ['ticks', ['field']],
    ],
  );
  const plan = detectStamp([Buffer.from('10|03|24 09h31 x')], 'line', { formats });
  assert.equal(plan?.formats[0]?.name, 'acme');
  assert.equal(detectStamp([Buffer.from('10|03|24 09h31 x')], 'line', {}), undefined);
});

const BAD: readonly (readonly [what: string, yaml: string, message: RegExp])[] = [
  ['no YAML', '- name: "x', /^own\.yaml:1: is no YAML/],
  ['no list', 'name: x', /^own\.yaml: holds no list of rows/],
  ['no row', '- x', /^own\.yaml:1: is no row/],
  ['no pattern', '\n- name: x\n  samples: []', /^own\.yaml:2: a row needs a pattern/],
  ['an unknown key', '- name: x\n  patern: yyyy', /a row has no "patern"; did you mean "pattern"/],
  ['an unknown token', '- name: x\n  pattern: yyyyy', /^own\.yaml:1: .*there is no token yyyyy/],
  ['no samples', '- name: x\n  pattern: yyyy-MM-dd', /"x" has no samples/],
  ['a wrong place', '- name: x\n  pattern: yyyy-MM-dd\n  stands: [middle]', /"stands" is not .*; a list of start/],
  ['a name twice', GOOD + GOOD.replaceAll('\n\n', '\n'), /"acme" is the name of another row/],
  ['the name of a row of the table', GOOD.replace('acme', 'iso'), /"iso" is the name of another row/],
  ['a sample read otherwise', GOOD.replace('T09:30', 'T09:31'), /^own\.yaml:6: .*reads it as 2024-03-10T09:30:00Z/],
  ['a sample not read', GOOD.replace('09h30 start', '09:30 start'), /^own\.yaml:6: .*does not read it/],
];

for (const [what, yaml, message] of BAD) {
  test(`${what} is an error with its line`, async () => {
    await assert.rejects(loadFormatsFile(yaml, 'own.yaml'), (error) => {
      assert.ok(error instanceof TsalignError);
      assert.match(error.message, message);
      return true;
    });
  });
}
