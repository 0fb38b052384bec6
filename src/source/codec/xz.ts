import { createRequire } from 'node:module';
import type { WasmMemory } from '../../core/wasm.ts';
import { DecodeError, type Decoder, EMPTY, UnsupportedError } from './decoder.ts';

/** What the module exports (xz-embedded behind four functions). */
interface Xz {
  memory: WasmMemory;
  create_context(): number;
  destroy_context(context: number): void;
  supply_input(context: number, size: number): void;
  get_next_output(context: number): number;
}

/** The words of a context that are used here, as xz-decompress reads them itself. */
const BUFFER_SIZE = 0;
const INPUT = 1;
const INPUT_USED = 2;
const INPUT_SIZE = 3;
const OUTPUT = 4;
const OUTPUT_USED = 5;

/** enum xz_ret of xz.h. */
const OK = 0;
const STREAM_END = 1;
const OUT_OF_MEMORY = 3;
const MEMORY_LIMIT = 4;
const UNSUPPORTED_OPTIONS = 6;
const STARVED = 8;

const KEPT_BYTES = 32 * 2 ** 20;

const idle: Xz[] = [];

/**
 * A decoder of xz streams, one behind the other, padding between them included. CRC32 and CRC64 are verified; streams
 * with SHA-256 or with filters for programs, which xz makes only when told to, are refused.
 */
export async function xz(): Promise<Decoder> {
  return new XzDecoder(idle.pop() ?? (await createEngine()));
}

interface XzPackage {
  XzReadableStream: { _moduleInstance: { exports: Xz }; _getModuleInstance(): Promise<void> };
}

/**
 * An instance of the package's module. Its own stream is not used: the second one that is opened in a process waits
 * until the first is read to its end, so a merge of two files would stand still for ever.
 */
async function createEngine(): Promise<Xz> {
  const { XzReadableStream } = createRequire(import.meta.url)('xz-decompress') as XzPackage;
  await XzReadableStream._getModuleInstance();
  return XzReadableStream._moduleInstance.exports;
}

class XzDecoder implements Decoder {
  private readonly xz: Xz;
  private readonly context: number;
  private bytes: Uint8Array = EMPTY;
  private at = 0;
  private ended = false;
  private closed = false;
  private failure: Error | undefined;
  private finished = false;

  constructor(xz: Xz) {
    this.xz = xz;
    this.context = xz.create_context();
  }

  feed(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
  }

  end(): void {
    this.ended = true;
  }

  next(): Uint8Array | undefined {
    while (!this.finished) {
      if (this.failure !== undefined) throw this.failure;
      const words = this.words();
      if (words[INPUT_USED] === words[INPUT_SIZE] && !this.supply()) return undefined;
      const text = this.step();
      if (text.length > 0) return text;
    }
    return undefined;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.xz.destroy_context(this.context);
    if (this.xz.memory.buffer.byteLength <= KEPT_BYTES) idle.push(this.xz);
  }

  /** The context; made anew for each use, for its memory may grow. */
  private words(): Uint32Array {
    return new Uint32Array(this.xz.memory.buffer, this.context, 8);
  }

  /** Hands over the next input, or that there is no more; false where there is none yet. */
  private supply(): boolean {
    const words = this.words();
    const size = Math.min(this.bytes.length - this.at, words[BUFFER_SIZE]);
    if (size === 0 && !this.ended) return false;
    new Uint8Array(this.xz.memory.buffer, words[INPUT], size).set(this.bytes.subarray(this.at, this.at + size));
    this.at += size;
    this.xz.supply_input(this.context, size);
    return true;
  }

  /** The text up to damage stands in the output when that is met. */
  private step(): Uint8Array {
    const result = this.xz.get_next_output(this.context);
    const words = this.words();
    const text = new Uint8Array(this.xz.memory.buffer, words[OUTPUT], words[OUTPUT_USED]);
    words[OUTPUT_USED] = 0;
    if (result === STREAM_END) this.finished = true;
    else if (result !== OK) this.failure = errorOf(result, this.ended);
    return text;
  }
}

function errorOf(result: number, ended: boolean): Error {
  if (result === OUT_OF_MEMORY || result === MEMORY_LIMIT)
    return new UnsupportedError('needs too much memory to decode');
  if (result === UNSUPPORTED_OPTIONS) return new UnsupportedError('has a filter or a checksum that is not supported');
  return new DecodeError(ended && result === STARVED ? 'ended' : 'damaged');
}
