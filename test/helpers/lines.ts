import { highWord, instantOf, lowWord } from '../../src/core/instant.ts';
import type { Memory } from '../../src/core/memory.ts';
import type { ByteStream, Framer } from '../../src/core/stages.ts';

/** A byte stream over text that gives at most `chunk` bytes at a time. */
export function streamOf(text: string | Uint8Array, chunk = 1 << 20): ByteStream {
  const bytes = Buffer.from(text);
  let at = 0;
  return {
    read(target, offset, length) {
      const piece = bytes.subarray(at, at + Math.min(length, chunk));
      target.set(piece, offset);
      at += piece.length;
      return piece.length;
    },
    close() {},
  };
}

/** A framer of lines `INSTANT text`, the plainest there is, for tests of what comes after framing. */
export function lineFramer(memory: Memory, source: number): Framer {
  const framer: Framer = {
    rows: 0,
    consumed: 0,
    line: 0,
    framingLines: 0,
    frame(from, to, last, firstRow, rowLimit) {
      this.rows = 0;
      this.consumed = from;
      while (this.rows < rowLimit && this.consumed < to) {
        const found = memory.bytes.subarray(this.consumed, to).indexOf(10);
        if (found < 0 && !last) return;
        const end = found < 0 ? to : this.consumed + found;
        fillRow(memory, firstRow + this.rows++, source, ++this.line, this.consumed, end);
        this.consumed = Math.min(to, end + 1);
      }
    },
  };
  return framer;
}

function fillRow(memory: Memory, row: number, source: number, line: number, start: number, end: number): void {
  const instant = BigInt(memory.buffer.toString('latin1', start, end).split(' ')[0]);
  memory.keys[2 * row] = lowWord(instant);
  memory.keys[2 * row + 1] = highWord(instant);
  memory.start[row] = start;
  memory.end[row] = end;
  memory.source[row] = source;
  memory.line[row] = line;
  memory.stampAt[row] = 0;
  memory.stampLength[row] = String(instant).length;
  memory.flags[row] = 0;
}

/** A record as a test compares it. */
export interface Seen {
  instant: bigint;
  source: number;
  line: number;
  text: string;
}

export function seenRow(memory: Memory, row: number): Seen {
  return {
    instant: instantOf(memory.keys[2 * row + 1], memory.keys[2 * row]),
    source: memory.source[row],
    line: memory.line[row],
    text: memory.buffer.toString('latin1', memory.start[row], memory.end[row]),
  };
}

/** The contract's order. */
export function inOrder(a: Seen, b: Seen): number {
  return Number(a.instant > b.instant) - Number(a.instant < b.instant) || a.source - b.source || a.line - b.line;
}
