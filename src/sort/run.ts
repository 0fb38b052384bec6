import { type Memory, SLACK } from '../core/memory.ts';
import { type Staging, stageRows } from '../kernel/gather.ts';
import { orderAsRead } from '../kernel/order.ts';
import type { MergeInput } from './merge.ts';
import type { RunFile } from './run-file.ts';

/** A sorted run in a run file: blocks of columns and bytes that a merge can use without scanning or reading stamps again. */
export interface SortedRun {
  file: RunFile;
  position: number;
  size: number;
  /** What the largest of its blocks needs. */
  blockBytes: number;
  blockRows: number;
}

/** Takes the room in which blocks of this many bytes are put together; a row for every 32 bytes. */
export function takeStaging(memory: Memory, byteLimit: number): Staging {
  const rowLimit = Math.max(1, byteLimit >> 5);
  const firstRow = memory.rows.take(rowLimit);
  const offset = memory.regions.take(byteLimit + SLACK);
  return { firstRow, rowLimit, offset, byteLimit, count: 0, position: offset };
}

/** A block begins with its number of rows and of bytes. */
const HEADER_BYTES = 8;

/** Writes rows, given in their order, as one sorted run. */
export class RunWriter {
  readonly #memory: Memory;
  readonly #staging: Staging;
  readonly #run: SortedRun;

  constructor(memory: Memory, file: RunFile, staging: Staging) {
    this.#memory = memory;
    this.#staging = staging;
    this.#run = { file, position: file.size, size: 0, blockBytes: 0, blockRows: 0 };
    resetStaging(staging);
  }

  /** Appends rows[from, to). */
  write(rows: Int32Array, from: number, to: number): void {
    let i = from;
    while (i < to) {
      const next = stageRows(this.#memory, rows, i, to, this.#staging);
      if (next === to) return;
      const nothingFits = next === i && this.#staging.count === 0;
      this.#writeStaged();
      if (nothingFits) this.#writeAlone(rows[next]);
      i = nothingFits ? next + 1 : next;
    }
  }

  finish(): SortedRun {
    this.#writeStaged();
    this.#run.size = this.#run.file.size - this.#run.position;
    this.#run.file.retain();
    return this.#run;
  }

  #writeStaged(): void {
    const { firstRow, count, offset, position } = this.#staging;
    if (count > 0) this.#writeBlock(firstRow, count, offset, position);
    resetStaging(this.#staging);
  }

  /** A record longer than a staged block goes to the file from where it lies. */
  #writeAlone(row: number): void {
    const { start, end } = this.#memory;
    const finish = end[row];
    this.#writeBlock(row, 1, start[row], finish);
    end[row] = finish;
  }

  #writeBlock(firstRow: number, count: number, from: number, to: number): void {
    const { end, bytes } = this.#memory;
    for (let row = firstRow; row < firstRow + count; row++) end[row] = end[row] - from;
    const header = new Int32Array([count, to - from]);
    this.#run.file.append([asBytes(header), ...columns(this.#memory, firstRow, count), bytes.subarray(from, to)]);
    this.#run.blockBytes = Math.max(this.#run.blockBytes, to - from);
    this.#run.blockRows = Math.max(this.#run.blockRows, count);
  }
}

function resetStaging(staging: Staging): void {
  staging.count = 0;
  staging.position = staging.offset;
}

/** The stored columns of a range of rows. `start` is not among them: in a block each record starts where the one before it ends. */
function columns(memory: Memory, row: number, count: number): Uint8Array[] {
  return [
    asBytes(memory.keys.subarray(2 * row, 2 * (row + count))),
    asBytes(memory.end.subarray(row, row + count)),
    asBytes(memory.source.subarray(row, row + count)),
    asBytes(memory.line.subarray(row, row + count)),
    asBytes(memory.stampAt.subarray(row, row + count)),
    asBytes(memory.stampLength.subarray(row, row + count)),
    asBytes(memory.flags.subarray(row, row + count)),
  ];
}

function asBytes(view: Int32Array | Float64Array | Uint8Array): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** What reading a run takes from the memory. */
export function readerNeeds(run: SortedRun): { bytes: number; rows: number } {
  return { bytes: run.blockBytes + SLACK, rows: run.blockRows };
}

/** Reads a sorted run block by block. */
export class RunReader implements MergeInput {
  readonly firstRow: number;
  readonly #memory: Memory;
  readonly #run: SortedRun;
  readonly #offset: number;
  readonly #header = new Int32Array(2);
  #position: number;

  constructor(memory: Memory, run: SortedRun) {
    this.#memory = memory;
    this.#run = run;
    this.#position = run.position;
    const needs = readerNeeds(run);
    this.#offset = memory.regions.take(needs.bytes);
    this.firstRow = memory.rows.take(needs.rows);
    orderAsRead(memory, this.firstRow, this.firstRow + needs.rows);
  }

  /** Bytes of the run that were read. */
  get bytesRead(): number {
    return this.#position - this.#run.position;
  }

  next(): number {
    const { file, position, size } = this.#run;
    if (this.#position >= position + size) return 0;
    file.read(this.#position, [asBytes(this.#header)]);
    const [count, length] = this.#header as unknown as [number, number];
    const { start, end, bytes } = this.#memory;
    const pieces = [
      ...columns(this.#memory, this.firstRow, count),
      bytes.subarray(this.#offset, this.#offset + length),
    ];
    file.read(this.#position + HEADER_BYTES, pieces);
    this.#position += HEADER_BYTES + pieces.reduce((sum, piece) => sum + piece.length, 0);
    let previous = this.#offset;
    for (let row = this.firstRow; row < this.firstRow + count; row++) {
      start[row] = previous;
      previous = end[row] + this.#offset;
      end[row] = previous;
    }
    return count;
  }

  close(): void {
    this.#run.file.release();
    const needs = readerNeeds(this.#run);
    this.#memory.regions.give(this.#offset, needs.bytes);
    this.#memory.rows.give(this.firstRow, needs.rows);
  }
}
