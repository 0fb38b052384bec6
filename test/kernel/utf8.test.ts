import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { isUtf8Span, utf8Step } from '../../src/kernel/utf8.ts';

/** Bytes at the borders of what UTF-8 allows, which random ones would seldom hit. */
const edgy = fc.uint8Array({ maxLength: 12 }).chain((plain) =>
  fc
    .array(
      fc.constantFrom(0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5),
      {
        maxLength: 12,
      },
    )
    .map((edges) => Uint8Array.from([...plain, ...edges])),
);

test('agrees with the decoder of the platform on what is valid and what one U+FFFD stands for', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  fc.assert(
    fc.property(edgy, (bytes) => {
      let text = '';
      for (let at = 0; at < bytes.length; ) {
        const step = utf8Step(bytes, at, bytes.length);
        text += step > 0 ? decoder.decode(bytes.subarray(at, at + step)) : '\ufffd';
        at += Math.abs(step);
      }
      assert.equal(text, decoder.decode(bytes));
      assert.equal(isUtf8Span(bytes, 0, bytes.length), isUtf8(bytes));
    }),
    { numRuns: 3000 },
  );
});

test('bytes behind the end are not looked at', () => {
  const bytes = Buffer.from('aé€😀');
  for (let to = 0; to <= bytes.length; to++) {
    assert.equal(isUtf8Span(bytes, 0, to), isUtf8(bytes.subarray(0, to)), `up to ${to}`);
  }
});
