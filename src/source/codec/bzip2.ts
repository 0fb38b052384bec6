import { BitReader } from './bits.ts';
import { type BlockTables, readBlock } from './bzip2-block.ts';
import { DecodeError, type Decoder, Pending } from './decoder.ts';

/**
 * Streams of bzip2 blocks, one behind the other. The packages either want the whole file at once (seek-bzip, wasm-bz2)
 * or decode 13 MB/s, go on for ever on some damaged blocks and say truncation as a TypeError (unbzip2-stream).
 */
export const bzip2 = (): Decoder => new Bzip2Decoder();

const BLOCK_MAGIC = [0x314159, 0x265359] as const;
const END_MAGIC = [0x177245, 0x385090] as const;

/**
 * Bytes of text that are made before they are given. A block that is no longer is given only when its checksum has
 * been verified; of one that is (runs of one byte count once in a block) the beginning is given before.
 */
const TEXT_BYTES = 1024 * 1024;

class Bzip2Decoder implements Decoder {
  private readonly pending = new Pending();
  private readonly bits = new BitReader();
  private ended = false;
  /** Compressed bytes to wait for before a block is tried: what one of them has at most, nearly always. */
  private enough = 0;
  /** 1–9 hundred thousand bytes a block; 0 between streams. */
  private level = 0;
  private streamSum = 0;
  private tables: BlockTables | undefined;
  private text = new Uint8Array(0);
  /** Of the block that is being written out: how many bytes are still to come, and the state of the walk through them. */
  private left = 0;
  private place = 0;
  private run = 0;
  private previous = -1;
  private repeats = 0;
  private sum = 0;
  private expected = 0;
  private writing = false;

  feed(bytes: Uint8Array): void {
    this.pending.add(bytes);
  }

  end(): void {
    this.ended = true;
  }

  next(): Uint8Array | undefined {
    for (;;) {
      if (this.writing) return this.write();
      if (this.ended && this.level === 0 && this.pending.length === 0) return undefined;
      if (this.pending.length < this.enough && !this.ended) return undefined;
      if (!this.advance()) {
        if (this.ended) throw new DecodeError('ended');
        this.enough = Math.max(2 * this.enough, 64);
        return undefined;
      }
    }
  }

  close(): void {}

  /** Reads a header, a block or the end of a stream; false where its bytes are not all there. */
  private advance(): boolean {
    const { pending, bits } = this;
    if (this.level === 0) return this.streamHeader();
    bits.start(pending);
    const high = bits.take(24);
    const low = bits.take(24);
    const sum = bits.take32();
    if (bits.overrun) return false;
    if (high === END_MAGIC[0] && low === END_MAGIC[1]) return this.streamEnd(sum);
    if (high !== BLOCK_MAGIC[0] || low !== BLOCK_MAGIC[1]) throw new DecodeError('damaged');
    const found = readBlock(bits, this.tables as BlockTables);
    if (bits.overrun) return false;
    if (!found) throw new DecodeError('damaged');
    bits.finish(pending);
    this.enough = blockBound(this.level);
    this.beginWriting(sum);
    return true;
  }

  private streamHeader(): boolean {
    const { pending } = this;
    if (pending.length < 4) return false;
    const [b, z, h, level] = pending.bytes.subarray(pending.from, pending.from + 4);
    if (b !== 0x42 || z !== 0x5a || h !== 0x68 || level < 0x31 || level > 0x39) throw new DecodeError('damaged');
    pending.from += 4;
    this.bits.restart();
    this.level = level - 0x30;
    this.streamSum = 0;
    this.enough = blockBound(this.level);
    if (this.tables === undefined || this.tables.block.length < this.level * 100_000) {
      this.tables = { block: new Uint32Array(this.level * 100_000), count: 0, start: 0 };
      this.text = new Uint8Array(TEXT_BYTES);
    }
    return true;
  }

  private streamEnd(sum: number): boolean {
    if (sum !== this.streamSum) throw new DecodeError('checksum');
    this.bits.finishToByte(this.pending);
    this.level = 0;
    this.enough = 4;
    return true;
  }

  private beginWriting(expected: number): void {
    const { block, count, start } = this.tables as BlockTables;
    this.expected = expected;
    this.left = count;
    this.place = block[start] >>> 8;
    this.run = 0;
    this.previous = -1;
    this.repeats = 0;
    this.sum = -1;
    this.writing = true;
  }

  /** Writes out the block, as far as there is room: walks the permutation and repeats what follows four equal bytes. */
  private write(): Uint8Array {
    const { text } = this;
    const block = (this.tables as BlockTables).block;
    let { left, place, run, previous, repeats, sum } = this;
    let out = 0;
    while (out < TEXT_BYTES) {
      if (repeats > 0) {
        repeats--;
        text[out++] = previous;
        sum = (sum << 8) ^ SUMS[(sum >>> 24) ^ previous];
        continue;
      }
      if (left === 0) break;
      left--;
      const entry = block[place];
      const byte = entry & 0xff;
      place = entry >>> 8;
      if (run === 4) {
        repeats = byte;
        run = 0;
        continue;
      }
      run = byte === previous ? run + 1 : 1;
      previous = byte;
      text[out++] = byte;
      sum = (sum << 8) ^ SUMS[(sum >>> 24) ^ byte];
    }
    Object.assign(this, { left, place, run, previous, repeats, sum });
    if (left === 0 && repeats === 0) this.endBlock();
    return text.subarray(0, out);
  }

  private endBlock(): void {
    this.writing = false;
    const sum = ~this.sum >>> 0;
    if (sum !== this.expected) throw new DecodeError('checksum');
    this.streamSum = (((this.streamSum << 1) | (this.streamSum >>> 31)) ^ sum) >>> 0;
  }
}

/** A block of 100,000 × level bytes that does not compress takes 1 % more, and its tables up to 20,000 bytes. */
const blockBound = (level: number): number => 102_000 * level + 20_000;

/** CRC-32 of bzip2: the most significant bit first. */
const SUMS = Int32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit++) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  return sum;
});
