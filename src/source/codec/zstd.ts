import { ZSTDDecoder } from 'zstddec/stream';
import { Instance, type WasmMemory } from '../../core/wasm.ts';
import { DecodeError, type Decoder, EMPTY, UnsupportedError } from './decoder.ts';

/** What the module exports that is used here (zstd.h); pointers and sizes are 32 bits. */
interface Zstd {
  memory: WasmMemory;
  malloc(size: number): number;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): number;
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

/** An instance of the module, with room for a piece of input, of output, and the two structures that describe them. */
interface Engine {
  zstd: Zstd;
  input: number;
  output: number;
  structures: number;
}

/** The longest block, and what zstd asks for at once at most: a block and the header of the next. */
const BLOCK_BYTES = 128 * 1024;
const INPUT_BYTES = BLOCK_BYTES + 3;

/** Bytes with which a frame begins, enough to know more (ZSTD_FRAMEHEADERSIZE_MIN). */
const FRAME_START = 5;

/** What zstd_errors.h calls these; a result above the limit is the negative of one of them. */
const ERROR_LIMIT = 2 ** 32 - 120;
const WINDOW_TOO_LARGE = 16;
const CHECKSUM_WRONG = 22;
const DICTIONARY_WRONG = 32;

/** An instance that has grown beyond this is not kept for the next decoder. */
const KEPT_BYTES = 32 * 2 ** 20;

/** Instances that no decoder uses: making one takes 1 ms, and its memory goes only when the garbage is collected. */
const idle: Engine[] = [];
let compiled: Promise<object> | undefined;

/** A decoder of zstd frames (RFC 8878), checksums verified; windows up to 128 MiB, as the zstd program has it. */
export async function zstd(): Promise<Decoder> {
  return new ZstdDecoder(idle.pop() ?? (await createEngine()));
}

/**
 * The module of the package is driven directly. Its own `decodeStreaming` spins for ever on damaged frames, loses the
 * end of a frame that has no checksum where a block is split, and never frees what it has taken when it is not read
 * to the end.
 */
async function createEngine(): Promise<Engine> {
  compiled ??= compile();
  const imports = { env: { emscripten_notify_memory_growth() {} } };
  const zstd = new Instance(await compiled, imports).exports as Zstd;
  return { zstd, input: zstd.malloc(INPUT_BYTES), output: zstd.malloc(BLOCK_BYTES), structures: zstd.malloc(24) };
}

/** The compiled module, which the package hands to a method of its class when it has made an instance for itself. */
async function compile(): Promise<object> {
  let module: object | undefined;
  const decoder = new ZSTDDecoder();
  const keep = decoder._init;
  decoder._init = (result) => {
    module = result.module;
    keep.call(decoder, result);
  };
  await decoder.init();
  if (module === undefined) throw new Error('zstddec gave no module');
  return module;
}

class ZstdDecoder implements Decoder {
  private readonly engine: Engine;
  private readonly context: number;
  private bytes: Uint8Array = EMPTY;
  private at = 0;
  private ended = false;
  private closed = false;
  /** Bytes that zstd wants next, 0 between frames. Given no more, a call decodes one block: none is lost to damage behind it. */
  private wanted = 0;
  /** Whether the output was filled, so that there may be more without more input. */
  private full = false;

  constructor(engine: Engine) {
    this.engine = engine;
    this.context = engine.zstd.ZSTD_createDCtx();
  }

  feed(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
  }

  end(): void {
    this.ended = true;
  }

  next(): Uint8Array | undefined {
    while (this.at < this.bytes.length || this.full) {
      const text = this.step();
      if (text.length > 0) return text;
    }
    if (this.ended && this.wanted > 0) throw new DecodeError('ended');
    return undefined;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    const { zstd } = this.engine;
    zstd.ZSTD_freeDCtx(this.context);
    if (zstd.memory.buffer.byteLength <= KEPT_BYTES) idle.push(this.engine);
  }

  private step(): Uint8Array {
    const { zstd, input, output, structures } = this.engine;
    const size = Math.min(this.wanted || FRAME_START, INPUT_BYTES, this.bytes.length - this.at);
    new Uint8Array(zstd.memory.buffer, input, size).set(this.bytes.subarray(this.at, this.at + size));
    new Uint32Array(zstd.memory.buffer, structures, 6).set([input, size, 0, output, BLOCK_BYTES, 0]);
    const result = zstd.ZSTD_decompressStream(this.context, structures + 12, structures) >>> 0;
    if (result > ERROR_LIMIT) throw errorOf(2 ** 32 - result);
    const after = new Uint32Array(zstd.memory.buffer, structures, 6);
    const used = after[2];
    const given = after[5];
    if (used === 0 && given === 0 && size > 0) throw new DecodeError('damaged');
    this.at += used;
    this.wanted = result;
    this.full = given === BLOCK_BYTES;
    return new Uint8Array(zstd.memory.buffer, output, given);
  }
}

function errorOf(code: number): Error {
  if (code === WINDOW_TOO_LARGE)
    return new UnsupportedError('needs more than 128 MiB to decode (zstd --long above 27)');
  if (code === DICTIONARY_WRONG) return new UnsupportedError('was compressed with a dictionary');
  return new DecodeError(code === CHECKSUM_WRONG ? 'checksum' : 'damaged');
}
