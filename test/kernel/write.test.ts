import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Digits,
  formatInstant,
  formatInstantShort,
  highWord,
  lowWord,
  MAX_INSTANT,
  MIN_INSTANT,
} from '../../src/core/instant.ts';
import { createMemory, type Memory } from '../../src/core/memory.ts';
import { OUTPUT_ROOM } from '../../src/core/stages.ts';
import { stageRows } from '../../src/kernel/gather.ts';
import { LineCopier } from '../../src/kernel/line-copier.ts';
import { PrefixWriter } from '../../src/kernel/prefix-writer.ts';
import { StampWriter } from '../../src/kernel/stamp-writer.ts';
import { createOutput, memorySink } from '../../src/output/index.ts';

const NOON = 1_710_053_998_120_000_000n;
const DAY = 86_400_000_000_000n;

const instants = fc.oneof(
  { weight: 5, arbitrary: fc.bigInt({ min: NOON, max: NOON + 3_000_000_000n }) },
  fc.bigInt({ min: NOON, max: NOON + 3n * DAY }).map((instant) => instant - (instant % 1_000_000n)),
  fc.bigInt({ min: MIN_INSTANT, max: MAX_INSTANT }),
  fc.constantFrom(MIN_INSTANT, MAX_INSTANT, -1n, 0n, NOON - (NOON % DAY), NOON - (NOON % DAY) - 1n),
);

const records = fc.array(
  fc.record({
    instant: instants,
    source: fc.nat(2),
    length: fc.oneof(
      fc.nat(80),
      fc.integer({ min: 700, max: 800 }),
      fc.constantFrom(0, 15, 16, 17, OUTPUT_ROOM, 40_000),
    ),
    /** Whether it lies right behind the one before. */
    near: fc.boolean(),
  }),
  { maxLength: 60 },
);

type TestRecord = typeof records extends fc.Arbitrary<(infer T)[]> ? T : never;

/** Puts records into rows; the last one ends where the memory's bytes end. */
function fill(memory: Memory, all: readonly TestRecord[]): { rows: Int32Array; texts: Buffer[] } {
  let at = memory.bytes.length - all.reduce((sum, { length, near }) => sum + length + (near ? 1 : 3), 0);
  const texts = all.map(({ instant, source, length, near }, i) => {
    at += near ? 0 : 2;
    const text = Buffer.alloc(length, String.fromCharCode(97 + (i % 26)));
    memory.bytes.set(text, at);
    memory.keys[2 * i] = lowWord(instant);
    memory.keys[2 * i + 1] = highWord(instant);
    memory.start[i] = at;
    memory.end[i] = at += length;
    memory.bytes[at++] = 10;
    memory.source[i] = source;
    memory.line[i] = i + 1;
    memory.flags[i] = 0;
    return text;
  });
  return { rows: Int32Array.from(all, (_, i) => i), texts };
}

/** What a writer writes into a region of this length, behind which lies something that must stay as it is. */
function written(memory: Memory, region: number, write: (out: ReturnType<typeof createOutput>) => void): Buffer {
  const sink = memorySink();
  const offset = memory.regions.take(region + 64);
  memory.bytes.fill(7, offset + region, offset + region + 64);
  const out = createOutput(memory, sink, offset, region);
  write(out);
  out.flush();
  assert.ok(memory.bytes.subarray(offset + region, offset + region + 64).every((byte) => byte === 7));
  memory.regions.give(offset, region + 64);
  return sink.bytes();
}

const regions = fc.integer({ min: OUTPUT_ROOM, max: OUTPUT_ROOM + 5000 });
const memory = createMemory(8 << 20);

/** RFC 3339 with the zone's offset in minutes. */
function stampText(instant: bigint, digits: Digits, finer: 'full' | 'cut', minutes: number | undefined): string {
  const local = instant + BigInt(minutes ?? 0) * 60_000_000_000n;
  const short = formatInstantShort(local);
  const plain = formatInstant(local, digits);
  const text = finer === 'full' && short.length > plain.length ? short : plain;
  if (minutes === undefined) return text;
  const size = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return text.replace('Z', `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`);
}

/** A zone whose offset changes in the middle of a quarter of an hour. */
const offsetAt = (seconds: number): number => (seconds < Number(NOON / 1_000_000_000n) + 101 ? 330 : -150);

test('lines are written with the stamps that the formatter makes', () => {
  const forms = ['', 'x', 'a label that is longer than two vectors are'].map((label) => ({
    before: label.slice(0, 20),
    after: ` ${label} | `,
    undated: '-',
  }));
  const property = (any: TestRecord[], region: number, digits: Digits, finer: 'full' | 'cut', zoned: boolean): void => {
    // The formatter has no local times beyond the range of instants.
    const all = zoned ? any.filter(({ instant }) => instant > MIN_INSTANT + DAY && instant < MAX_INSTANT - DAY) : any;
    const { rows, texts } = fill(memory, all);
    const writer = new PrefixWriter(
      memory,
      new StampWriter({ digits, finer, offsetAt: zoned ? offsetAt : undefined }),
      forms,
    );
    const expected = all.map(({ instant, source }, i) => {
      const seconds = Number(
        (instant - (((instant % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n,
      );
      const stamp = stampText(instant, digits, finer, zoned ? offsetAt(seconds) : undefined);
      return `${forms[source]?.before}${stamp}${forms[source]?.after}${texts[i]}\n`;
    });
    const bytes = written(memory, region, (out) =>
      assert.equal(writer.writeLines(rows, 0, rows.length, out), rows.length),
    );
    assert.equal(bytes.toString(), expected.join(''));
  };
  fc.assert(
    fc.property(
      records,
      regions,
      fc.constantFrom<Digits>(0, 3, 6, 9),
      fc.constantFrom('full', 'cut'),
      fc.boolean(),
      property,
    ),
    { numRuns: 300, endOnFailure: true },
  );
});

test('a row with flags stops the lines', () => {
  const record = { instant: NOON, source: 0, length: 5, near: true };
  const { rows } = fill(memory, [record, record, record]);
  memory.flags[1] = 1;
  const form = { before: '', after: ' ', undated: '-' };
  const writer = new PrefixWriter(memory, new StampWriter({ digits: 3, finer: 'cut' }), [form]);
  const bytes = written(memory, OUTPUT_ROOM, (out) => assert.equal(writer.writeLines(rows, 0, 3, out), 1));
  assert.equal(bytes.toString(), '2024-03-10T06:59:58.120Z aaaaa\n');
});

test('lines are copied as they are', () => {
  const copier = new LineCopier(memory);
  fc.assert(
    fc.property(records, regions, fc.boolean(), (all, region, inMemory) => {
      const { rows, texts } = fill(memory, all);
      memory.order.set(rows);
      const seen = inMemory ? memory.order.subarray(0, rows.length) : rows;
      const bytes = written(memory, region, (out) => copier.write(seen, rows.length, out));
      assert.equal(bytes.toString(), texts.map((text) => `${text}\n`).join(''));
    }),
    { numRuns: 300, endOnFailure: true },
  );
});

test('rows are staged with their bytes and columns, as many as fit', () => {
  fc.assert(
    fc.property(
      records,
      fc.integer({ min: 1, max: 60_000 }),
      fc.integer({ min: 1, max: 50 }),
      (all, byteLimit, rowLimit) => {
        const { rows, texts } = fill(memory, all);
        memory.bytes.fill(7, 100 + byteLimit + 64, 100 + byteLimit + 128);
        const staging = { firstRow: 1000, rowLimit, offset: 100, byteLimit, count: 0, position: 100 };
        const lengths = texts.map((text) => text.length);
        let fitting = 0;
        for (
          let sum = lengths[0] ?? 0;
          fitting < Math.min(lengths.length, rowLimit) && sum <= byteLimit;
          sum += lengths[fitting] ?? 0
        ) {
          fitting++;
        }
        const half = stageRows(memory, rows, 0, all.length >> 1, staging);
        const end = half < all.length >> 1 ? half : stageRows(memory, rows, half, all.length, staging);
        assert.deepEqual([end, staging.count], [fitting, fitting]);
        for (let i = 0; i < end; i++) {
          const [from, to] = [memory.start[1000 + i], memory.end[1000 + i]];
          assert.ok(memory.buffer.subarray(from, to).equals(texts[i]));
          assert.deepEqual([memory.line[1000 + i], memory.source[1000 + i]], [i + 1, all[i]?.source]);
          assert.deepEqual(
            [memory.keys[2000 + 2 * i], memory.keys[2001 + 2 * i]],
            [memory.keys[2 * i], memory.keys[2 * i + 1]],
          );
        }
        assert.ok(memory.bytes.subarray(100 + byteLimit + 64, 100 + byteLimit + 128).every((byte) => byte === 7));
      },
    ),
    { numRuns: 300, endOnFailure: true },
  );
});
