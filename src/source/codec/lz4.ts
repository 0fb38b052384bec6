import { DecodeError, type Decoder, Pending, UnsupportedError } from './decoder.ts';

/** Frames of the LZ4 frame format 1.6.4, skippable ones included; all checksums are verified. */

const MAGIC = 0x184d2204;
const SKIPPABLE = 0x184d2a50; // and the fifteen above it

/** How far a match reaches back, in blocks that depend on those before them. */
const HISTORY_BYTES = 64 * 1024;

/** Bytes of a block at most, by the code in the descriptor. */
const BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22 };

/** What a frame's descriptor says. */
interface Frame {
  independent: boolean;
  blockChecksum: boolean;
  contentChecksum: boolean;
  blockBytes: number;
}

/** XXH32 of whole ranges, and of what comes piece by piece. */
interface Hashes {
  h32Raw(bytes: Uint8Array): number;
  create32(): { update(bytes: Uint8Array): unknown; digest(): number };
}

/** No package reads frames one behind the other and verifies them. */
export async function lz4(): Promise<Decoder> {
  const { default: xxhash } = await import('xxhash-wasm');
  return new Lz4Decoder(await xxhash());
}

class Lz4Decoder implements Decoder {
  private readonly hashes: Hashes;
  private readonly pending = new Pending();
  private ended = false;
  private frame: Frame | undefined;
  private content: ReturnType<Hashes['create32']> | undefined;
  private skipping = 0;
  /** The text of the frame: what later matches may refer to, then room for a block. */
  private text = new Uint8Array(0);
  private textEnd = 0;

  constructor(hashes: Hashes) {
    this.hashes = hashes;
  }

  feed(bytes: Uint8Array): void {
    this.pending.add(bytes);
  }

  end(): void {
    this.ended = true;
  }

  /** Every step below uses up bytes, or says by `undefined` that more are needed. */
  next(): Uint8Array | undefined {
    for (;;) {
      if (this.ended && this.pending.length === 0 && this.frame === undefined && this.skipping === 0) return undefined;
      const text = this.frame === undefined ? this.betweenFrames() : this.block(this.frame);
      if (text !== undefined) {
        if (text.length > 0) return text;
        continue;
      }
      if (this.ended) throw new DecodeError('ended');
      return undefined;
    }
  }

  close(): void {}

  private betweenFrames(): Uint8Array | undefined {
    const { pending } = this;
    const skipped = Math.min(this.skipping, pending.length);
    pending.from += skipped;
    this.skipping -= skipped;
    if (this.skipping > 0 || pending.length < 4) return undefined;
    const magic = pending.word(0);
    if (magic === MAGIC) return this.descriptor();
    if (magic - (magic % 16) !== SKIPPABLE) throw new DecodeError('damaged');
    if (pending.length < 8) return undefined;
    this.skipping = pending.word(4);
    pending.from += 8;
    return NOTHING;
  }

  private descriptor(): Uint8Array | undefined {
    const { pending } = this;
    if (pending.length < 7) return undefined;
    const flags = pending.bytes[pending.from + 4];
    const length = 2 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
    if (pending.length < 4 + length + 1) return undefined;
    const start = pending.from + 4;
    const blockBytes = BLOCK_BYTES[(pending.bytes[start + 1] >> 4) & 7];
    const sum = (this.hashes.h32Raw(pending.bytes.subarray(start, start + length)) >>> 8) & 0xff;
    if (flags >> 6 !== 1 || blockBytes === undefined || sum !== pending.bytes[start + length])
      throw new DecodeError('damaged');
    if (flags & 1) throw new UnsupportedError('was compressed with a dictionary');
    this.frame = {
      independent: (flags & 32) !== 0,
      blockChecksum: (flags & 16) !== 0,
      contentChecksum: (flags & 4) !== 0,
      blockBytes,
    };
    this.content = this.hashes.create32();
    if (this.text.length < HISTORY_BYTES + blockBytes) this.text = new Uint8Array(HISTORY_BYTES + blockBytes);
    this.textEnd = 0;
    pending.from += 4 + length + 1;
    return NOTHING;
  }

  private block(frame: Frame): Uint8Array | undefined {
    const { pending } = this;
    if (pending.length < 4) return undefined;
    const word = pending.word(0);
    if (word === 0) return this.frameEnd(frame);
    const stored = word >= 2 ** 31;
    const size = word % 2 ** 31;
    if (size > frame.blockBytes) throw new DecodeError('damaged');
    const length = 4 + size + (frame.blockChecksum ? 4 : 0);
    if (pending.length < length) return undefined;
    const bytes = pending.bytes.subarray(pending.from + 4, pending.from + 4 + size);
    if (frame.blockChecksum && this.hashes.h32Raw(bytes) >>> 0 !== pending.word(4 + size))
      throw new DecodeError('damaged');
    this.makeRoom(frame);
    const from = this.textEnd;
    if (stored) {
      this.text.set(bytes, from);
      this.textEnd = from + size;
    } else {
      const to = decodeBlock(bytes, this.text, frame.independent ? from : 0, from, from + frame.blockBytes);
      if (to < 0) throw new DecodeError('damaged');
      this.textEnd = to;
    }
    pending.from += length;
    const text = this.text.subarray(from, this.textEnd);
    this.content?.update(text);
    return text;
  }

  private frameEnd(frame: Frame): Uint8Array | undefined {
    const { pending } = this;
    if (pending.length < (frame.contentChecksum ? 8 : 4)) return undefined;
    if (frame.contentChecksum && (this.content?.digest() ?? 0) >>> 0 !== pending.word(4))
      throw new DecodeError('checksum');
    pending.from += frame.contentChecksum ? 8 : 4;
    this.frame = undefined;
    return NOTHING;
  }

  /** Moves what later matches may refer to to the beginning where there is no room for another block. */
  private makeRoom({ blockBytes }: Frame): void {
    if (this.textEnd + blockBytes <= this.text.length) return;
    const kept = Math.min(this.textEnd, HISTORY_BYTES);
    this.text.copyWithin(0, this.textEnd - kept, this.textEnd);
    this.textEnd = kept;
  }
}

const NOTHING = new Uint8Array(0);

/** Matches longer than this are copied by the system, 16 bytes and fewer by a loop. */
const LONG_COPY = 16;

/**
 * Decodes one block of sequences (LZ4 block format) into text[at, limit); matches reach back to text[first] at most.
 * Returns where the text ends, or −1 where the block is damaged.
 */
function decodeBlock(block: Uint8Array, text: Uint8Array, first: number, at: number, limit: number): number {
  const end = block.length;
  let p = 0;
  let out = at;
  while (p < end) {
    const token = block[p++];
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (p >= end) return -1;
        more = block[p++];
        literals += more;
      }
    }
    if (literals > end - p || literals > limit - out) return -1;
    if (literals > LONG_COPY) {
      text.set(block.subarray(p, p + literals), out);
      p += literals;
      out += literals;
    } else {
      for (const stop = p + literals; p < stop; ) text[out++] = block[p++];
    }
    if (p === end) return out; // a block ends with literals
    if (p + 2 > end) return -1;
    const offset = block[p] | (block[p + 1] << 8);
    p += 2;
    let length = token & 15;
    if (length === 15) {
      let more = 255;
      while (more === 255) {
        if (p >= end) return -1;
        more = block[p++];
        length += more;
      }
    }
    length += 4;
    let source = out - offset;
    if (offset === 0 || source < first || length > limit - out) return -1;
    if (length > LONG_COPY && offset >= length) {
      text.copyWithin(out, source, source + length);
      out += length;
    } else {
      // What is copied may itself be what was just written.
      for (const stop = out + length; out < stop; ) text[out++] = text[source++];
    }
  }
  return -1;
}
