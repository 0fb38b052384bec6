import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { memorySink, sanitizeLabel, sanitizeText } from '../../src/output/index.ts';
import { sanitizingSink } from '../../src/output/sanitize.ts';

const CASES: [given: string, shown: string][] = [
  ['plain ß € 😀', 'plain ß € 😀'],
  ['a\tb\nc', 'a\tb\nc'],
  ['\u0000\u001b[2J\u0007\u007f', '\\x00\\x1b[2J\\x07\\x7f'],
  ['\u009b1m', '\\u009b1m'],
  ['\u202e\u2066\u200f', '\\u202e\\u2066\\u200f'],
  ['line\r\nnext\r\r\nlast\r', 'line\nnext\nlast'],
  ['over\rwritten', 'over\\x0dwritten'],
];

for (const [given, shown] of CASES) {
  test(`shows ${JSON.stringify(given)}`, () => assert.equal(sanitizeText(given), shown));
}

test('a label stays on its line', () => assert.equal(sanitizeLabel('a\nb\r\u001b\tc'), 'a\\x0ab\\x0d\\x1b\tc'));

test('the sink shows the same, however the bytes are cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ß', '😀', '\r', '\n', '\u001b', '\u202e', '\u009b') });
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 40 }), (given, cuts) => {
      const bytes = Buffer.from(given);
      const inner = memorySink();
      const sink = sanitizingSink(inner);
      let at = 0;
      for (const cut of cuts) {
        sink.write(bytes.subarray(at, at + cut));
        at += cut;
      }
      sink.write(bytes.subarray(at));
      sink.commit();
      assert.equal(inner.text(), sanitizeText(given));
    }),
    { numRuns: 1000 },
  );
});

test('nothing that a terminal obeys is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(sanitizeText(text), /[^\P{Cc}\t\n]|\p{Bidi_Control}/u);
    }),
    { numRuns: 1000 },
  );
});
