import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BLANK, wrap, wrapIndented } from '../../src/cli/wrap.ts';

test('lines are wrapped between words, and a longer word has a line of its own', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrap('a looooong b', 4), ['a', 'looooong', 'b']);
  assert.deepEqual(wrap('took 3 s at most', 7, / (?!s)/), ['took', '3 s at', 'most']);
  assert.deepEqual(wrap('', 7), ['']);
});

test('a number and its unit, an option and its value stay together', () => {
  assert.deepEqual(wrap('a file of 909 B, 97 %', 12, BLANK), ['a file of', '909 B, 97 %']);
  assert.deepEqual(wrap("give --tz 'a.log=Asia/Tokyo' or -S 1G", 14, BLANK), [
    'give',
    "--tz 'a.log=Asia/Tokyo'",
    'or -S 1G',
  ]);
  assert.deepEqual(wrap('then 17 d 10 h, 13 d 12 h', 18, BLANK), ['then 17 d 10 h,', '13 d 12 h']);
  assert.deepEqual(wrap('in 5 Berlin', 4, BLANK), ['in 5', 'Berlin']);
});

test('what is wrapped of an indented line stands further to the right', () => {
  assert.equal(wrapIndented('web.log\n  file; text\n', 9), 'web.log\n  file;\n    text\n');
});

test('wrapping changes nothing but blanks and ends of lines', () => {
  const texts = fc.array(fc.stringMatching(/^ {0,4}[a-z]{1,9}( [a-z]{1,9}){0,9}$/), { maxLength: 5 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 12, max: 40 }), (lines, width) => {
      const wrapped = wrapIndented(lines.join('\n'), width);
      assert.deepEqual(wrapped.split(/\s+/), lines.join('\n').split(/\s+/));
      for (const line of wrapped.split('\n')) assert.ok(line.length <= Math.max(width, 4 + 2 + 9), line);
    }),
    { endOnFailure: true },
  );
});
