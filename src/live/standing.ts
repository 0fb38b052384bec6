import { FINGERPRINT_BYTES } from '../core/fingerprint.ts';
import { isProblem } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import type { Reached } from '../run/reached.ts';
import type { FileTail, OpenSource } from '../source/index.ts';

type Place = Reached['place'];

/**
 * A file that is followed, while what stands in it is read. Meanwhile it may be cut, as copytruncate does: then reading it
 * ends there, and goes on where its bytes are now.
 */
export class StandingFile {
  /** Whether it no longer holds what it held when it was opened. */
  isCut = false;
  /** The source as it is. */
  readonly open: OpenSource;
  readonly #text: NonNullable<OpenSource['text']>;
  readonly #tail: FileTail;
  /** Its first bytes, when it was opened. */
  readonly #head: Buffer;
  readonly #wasCut: () => void;

  /**
   * @param from where reading begins
   * @param wasCut called when it is seen to be cut
   */
  constructor(open: OpenSource, from: number, wasCut: () => void) {
    this.open = open;
    this.#text = open.text as NonNullable<OpenSource['text']>;
    this.#tail = this.#text.follow?.(from) as FileTail;
    this.#wasCut = wasCut;
    this.#head = this.#text.head;
    this.#look();
  }

  /** The source as those see it who read what stands in it: it ends where it is cut. */
  get untilCut(): OpenSource {
    const text = this.#text;
    return {
      ...this.open,
      open: (warn, skip) => this.#untilCut(this.open.open(warn, skip)),
      text: { ...text, open: (from, to) => this.#untilCut(text.open(from, to)) },
    };
  }

  /** What goes on behind the last record that was read. @param from where that is, `place` as its pass tells it */
  tailAt(from: number, { count, tail, held }: Place): FileTail {
    const going = this.#text.follow?.(from) as FileTail;
    // Only now: what it has read of the bytes before is known to be right.
    this.#compare();
    if (!this.isCut) return going;
    const read = count > tail.length ? tail : Buffer.concat([this.#tail.last, tail]);
    going.isCut = true;
    going.head = this.#head;
    going.last = Buffer.from(read.subarray(0, Math.max(0, read.length - held))).subarray(-FINGERPRINT_BYTES);
    going.unread = this.#text.length - from;
    return going;
  }

  #untilCut(stream: ByteStream): ByteStream {
    this.#compare();
    return {
      read: (...place) => {
        const count = this.isCut ? 0 : this.#read(stream, ...place);
        // What came may be of what was written behind the cut.
        this.#look();
        return this.isCut ? 0 : count;
      },
      close: () => stream.close(),
    };
  }

  #read(stream: ByteStream, ...place: Parameters<ByteStream['read']>): number {
    try {
      return stream.read(...place) as number;
    } catch (error) {
      if (!isProblem(error, 'truncated')) throw error;
      return 0;
    }
  }

  #look(): void {
    if (this.#tail.size < this.#text.length) this.#cut();
  }

  /** It may have been cut, and have grown again. */
  #compare(): void {
    this.#look();
    if (!this.#head.equals(this.#tail.bytesIn(0, this.#head.length))) this.#cut();
  }

  #cut(): void {
    if (this.isCut) return;
    this.isCut = true;
    this.#wasCut();
  }
}
