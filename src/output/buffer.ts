import type { Memory } from '../core/memory.ts';
import { OUTPUT_ROOM, type Output, type Sink } from '../core/stages.ts';

/** Below this many bytes a loop beats the call of copyWithin (1.7 ns a byte against 25 and more). */
const SHORT = 12;

/**
 * An output that collects what is written in the region [offset, offset + length) of the memory and hands it to the
 * sink when it is full: pieces as long as the region, where one write call a record would cost a system call each.
 * @param length bytes of the region, at least OUTPUT_ROOM; 256 KiB is past the point where longer pieces gain anything.
 */
export function createOutput(memory: Memory, sink: Sink, offset: number, length: number): Output {
  if (length < OUTPUT_ROOM) throw new RangeError(`the region must have at least ${OUTPUT_ROOM} bytes`);
  return new RegionOutput(memory, sink, offset, length);
}

class RegionOutput implements Output {
  readonly memory: Memory;
  position: number;
  readonly #sink: Sink;
  readonly #offset: number;
  readonly limit: number;

  constructor(memory: Memory, sink: Sink, offset: number, length: number) {
    this.memory = memory;
    this.position = offset;
    this.#sink = sink;
    this.#offset = offset;
    this.limit = offset + length;
  }

  reserve(length: number): void {
    if (this.position + length > this.limit) this.flush();
  }

  copy(from: number, to: number): void {
    const length = to - from;
    if (this.position + length > this.limit) {
      this.#copyLong(from, to);
      return;
    }
    const { position } = this;
    const { bytes } = this.memory;
    if (length < SHORT) for (let i = 0; i < length; i++) bytes[position + i] = bytes[from + i];
    else bytes.copyWithin(position, from, to);
    this.position = position + length;
  }

  append(text: string | Uint8Array): void {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    if (this.position + bytes.length > this.limit) this.flush();
    if (this.#offset + bytes.length > this.limit) {
      this.#sink.write(bytes);
      return;
    }
    this.memory.bytes.set(bytes, this.position);
    this.position += bytes.length;
  }

  flush(): void {
    if (this.position === this.#offset) return;
    const piece = this.memory.bytes.subarray(this.#offset, this.position);
    this.position = this.#offset;
    this.#sink.write(piece);
  }

  /** What does not fit fills the region first, so that the sink gets no small pieces. */
  #copyLong(from: number, to: number): void {
    const middle = from + this.limit - this.position;
    this.memory.bytes.copyWithin(this.position, from, middle);
    this.position = this.limit;
    this.flush();
    if (to - middle < this.limit - this.#offset) this.copy(middle, to);
    else this.#sink.write(this.memory.bytes.subarray(middle, to));
  }
}
