import { formatCount } from '../core/count-text.ts';
import { TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import { type Damage, DecodeError, type Decoder, UnsupportedError } from './codec/decoder.ts';
import type { Compression } from './compression.ts';

/**
 * Compressed bytes that a decoder gets at a time. What node:zlib decoded of a piece in which it then finds damage is lost
 * with it: a file is decoded once more, a pipe cannot be, so its pieces are small. But each piece goes to another thread and
 * back: merging four gzip files took 1.40 s of processor time with 16 KiB and 1.18 s with 64 KiB.
 */
const PIECE_BYTES = { ofFile: 64 * 1024, ofPipe: 16 * 1024 };

export interface DecodeSettings {
  compression: Compression;
  label: string;
  /** The compressed bytes from their beginning; called again only where `rereadable`. */
  input(): ByteStream;
  rereadable: boolean;
  /** Receives 'truncated' or 'corrupt', once; the stream then ends. */
  warn: Warn;
}

/** What is sure of the text that was delivered: a checksum stands behind what it is of, and says nothing of its parts. */
const DAMAGES: Readonly<Record<Damage, (name: string, bytes: number) => string>> = {
  ended: (name, bytes) => `the ${name} data ends early, after ${formatCount(bytes)} bytes of text`,
  damaged: (name, bytes) =>
    `the ${name} data is damaged, which shows after ${formatCount(bytes)} bytes of text: the last of them may be wrong`,
  checksum: (name, bytes) =>
    `the ${name} data is damaged: some of its ${formatCount(bytes)} bytes of text are wrong, says its checksum`,
};
const HINTS: Readonly<Record<Damage, string>> = {
  ended: 'what stands before that was read',
  damaged: 'they were read all the same',
  checksum: 'they were read all the same',
};

/**
 * The text of a compressed source. Where the source is cut short or damaged, all that stands before is delivered, then
 * one warning, then the end. Where the codec loses text at damage, a source that can be read twice is decoded once more
 * up to it, the last piece byte by byte (64 Ki steps, about 1 s); a pipe may lose what the last piece held.
 */
export class DecodedStream implements ByteStream {
  readonly #settings: DecodeSettings;
  #pass: DecoderPass | undefined;
  #chunk: Uint8Array = new Uint8Array(0);
  #skip = 0;
  #delivered = 0;
  #ended = false;
  #recovering = false;

  constructor(settings: DecodeSettings) {
    this.#settings = settings;
  }

  /** @throws TsalignError as reading the compressed bytes does; 'unreadable' where they cannot be decoded here */
  read(bytes: Uint8Array, offset: number, length: number): number | Promise<number> {
    if (this.#chunk.length > 0) return this.#give(bytes, offset, length);
    return this.#ended ? 0 : this.#advance().then(() => this.#give(bytes, offset, length));
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#chunk = this.#chunk.subarray(0, 0);
    await this.#pass?.close();
  }

  #give(bytes: Uint8Array, offset: number, length: number): number {
    const count = Math.min(length, this.#chunk.length);
    bytes.set(this.#chunk.subarray(0, count), offset);
    this.#chunk = this.#chunk.subarray(count);
    this.#delivered += count;
    return count;
  }

  /** Puts the next text into #chunk, which stays empty only at the end. */
  async #advance(): Promise<void> {
    while (this.#chunk.length === 0 && !this.#ended) {
      const chunk = await this.#next();
      if (chunk === undefined) await this.close();
      else this.#chunk = this.#withoutSkipped(chunk);
    }
  }

  async #next(): Promise<Uint8Array | undefined> {
    this.#pass ??= await DecoderPass.start(this.#settings, Number.POSITIVE_INFINITY);
    try {
      return await this.#pass.next();
    } catch (error) {
      // Closed while it decoded, which is no damage.
      if (this.#ended) return undefined;
      if (error instanceof UnsupportedError) throw this.#unsupported(error);
      if (!(error instanceof DecodeError)) throw error;
      return this.#recover(error);
    }
  }

  async #recover(failure: DecodeError): Promise<Uint8Array | undefined> {
    const pass = this.#pass as DecoderPass;
    const { compression, rereadable } = this.#settings;
    await pass.close();
    // At the end of the input the decoder has given all it had before it complained.
    if (!compression.losesText || !rereadable || this.#recovering || failure.damage === 'ended') {
      this.#say(failure);
      return undefined;
    }
    this.#recovering = true;
    this.#skip = this.#delivered;
    this.#pass = await DecoderPass.start(this.#settings, pass.pieceStart);
    return this.#next();
  }

  #withoutSkipped(chunk: Uint8Array): Uint8Array {
    const count = Math.min(this.#skip, chunk.length);
    this.#skip -= count;
    return chunk.subarray(count);
  }

  #say({ damage }: DecodeError): void {
    const { label, compression, warn } = this.#settings;
    const what = DAMAGES[damage](compression.name, this.#delivered);
    warn({ code: damage === 'ended' ? 'truncated' : 'corrupt', where: label, what, hint: HINTS[damage] });
  }

  #unsupported(error: UnsupportedError): TsalignError {
    const { label, compression } = this.#settings;
    const what = `the ${compression.name} data ${error.message}`;
    return new TsalignError({ code: 'unreadable', where: label, what, hint: `unpack it with ${compression.name}` });
  }
}

/** One decoder working through the compressed bytes; it holds one piece of them and one chunk of text. */
class DecoderPass {
  readonly #input: ByteStream;
  readonly #decoder: Decoder;
  readonly #piece: Uint8Array;
  /** From this offset of the input on, it is fed single bytes. */
  readonly #singleFrom: number;
  #fed = 0;
  #inputEnded = false;
  /** Offset in the input of the piece that the decoder has. */
  pieceStart = 0;

  private constructor(settings: DecodeSettings, decoder: Decoder, singleFrom: number) {
    this.#input = settings.input();
    this.#decoder = decoder;
    this.#singleFrom = singleFrom;
    this.#piece = new Uint8Array(settings.rereadable ? PIECE_BYTES.ofFile : PIECE_BYTES.ofPipe);
  }

  static async start(settings: DecodeSettings, singleFrom: number): Promise<DecoderPass> {
    return new DecoderPass(settings, await settings.compression.createDecoder(), singleFrom);
  }

  /** The next chunk of text, undefined at the end. @throws DecodeError, UnsupportedError */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = await this.#decoder.next();
      if (chunk !== undefined || this.#inputEnded) return chunk;
      await this.#feed();
    }
  }

  async close(): Promise<void> {
    this.#decoder.close();
    await this.#input.close();
  }

  /** Gives the decoder the next piece; only when it has worked off the last one, so that its text is always taken first. */
  async #feed(): Promise<void> {
    const single = this.#fed >= this.#singleFrom;
    const limit = single ? 1 : Math.min(this.#piece.length, this.#singleFrom - this.#fed);
    const count = await this.#input.read(this.#piece, 0, limit);
    this.pieceStart = this.#fed;
    this.#fed += count;
    if (count > 0) return this.#decoder.feed(this.#piece.subarray(0, count));
    this.#inputEnded = true;
    this.#decoder.end();
  }
}
