import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstantShort, instantOf } from '../../src/core/instant.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { TIME_FORMATS } from '../../src/time/formats.ts';
import { createStamper } from '../../src/time/stamper.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What the tool makes of one line: the row that reads it, and the instant. */
function dated(line: string, where: 'line' | 'field', settings: Parameters<typeof detectStamp>[2]) {
  const bytes = encode(line);
  // Rows that chance makes too need more lines.
  const plan = detectStamp([bytes, bytes, bytes, bytes], where, settings);
  if (plan === undefined) return undefined;
  const stamper = createStamper(plan, { bytes });
  if (!stamper.read(0, bytes.length)) return undefined;
  const text = new TextDecoder().decode(bytes.subarray(stamper.at, stamper.at + stamper.length));
  return { format: plan.formats[0]!.name, instant: formatInstantShort(instantOf(stamper.high, stamper.low)), text };
}

for (const row of TIME_FORMATS) {
  const where = row.stands.includes('start') || row.stands.includes('inside') ? 'line' : 'field';
  for (const [line, instant] of row.samples) {
    test(`${row.name} reads ${line}`, () => {
      const settings = { dayOrder: row.order, year: Number(instant.slice(0, 4)) };
      const got = dated(line, where, settings);
      // Read by its own row: no row before it in the table reads the line, or reads it otherwise.
      assert.deepEqual({ format: got?.format, instant: got?.instant }, { format: row.name, instant });
      for (const name of [row.name, ...(row.aliases ?? [])]) {
        assert.equal(dated(line, where, { ...settings, timeFormat: name })?.instant, instant, name);
      }
      if (!row.stands.includes('field')) return;
      assert.equal(dated(got!.text, 'field', settings)?.instant, instant, 'as a whole field');
    });
  }
}

test('names and aliases are unique, and every row has a sample', () => {
  const names = TIME_FORMATS.flatMap((row) => [row.name, ...(row.aliases ?? [])]);
  assert.equal(new Set(names).size, names.length);
  for (const row of TIME_FORMATS) assert.notEqual(row.samples.length, 0, row.name);
});
