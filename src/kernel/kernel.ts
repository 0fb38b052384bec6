import type { Memory } from '../core/memory.ts';
import { Instance, Module } from '../core/wasm.ts';
import { BINARY } from './binary.ts';
import { SEEN_ROWS, STATE_COUNTS, STATE_ROWS } from './layout.ts';

/**
 * The loops that touch every byte and every row, compiled to WebAssembly from assembly/, where they are described. All
 * numbers are addresses in the memory, rows, or counts of them.
 */
export interface Kernel {
  frameText(text: number, to: number, last: number, firstRow: number, rowLimit: number, answer: number): number;
  frameObjects(text: number, to: number, last: number, firstRow: number, rowLimit: number): number;
  frameTable(text: number, to: number, last: number, firstRow: number, rowLimit: number): number;
  countNewlines(row: number): number;
  firstDescent(from: number, to: number, key: bigint): number;
  sortRows(from: number, to: number): void;
  stageRows(rows: number, from: number, to: number, first: number, position: number, byteEnd: number): number;
  followRows(late: number, from: number, to: number, notes: number): number;
  countSettled(late: number, from: number, to: number, byBytes: number, byRows: number): number;
  coverRows(cover: number, from: number, to: number): number;
  openMerge(merge: number, leaves: number, tree: number): void;
  addCursor(merge: number, cursor: number, at: number, end: number): void;
  refillCursor(merge: number, at: number, end: number): void;
  removeCursor(merge: number): void;
  endedCursor(merge: number): number;
  mergeRows(merge: number, picks: number, limit: number): number;
  writePrefix(write: number, row: number): number;
  writeRows(write: number, rows: number, count: number, what: number): number;
  copyLines(write: number, rows: number, count: number): number;
}

type Setup = { setup(...addresses: number[]): void };

const kernels = new WeakMap<Memory, Kernel>();
let module: object | undefined;

/** The kernel that works in this memory. Compiling it takes a millisecond, once. */
export function kernelOf(memory: Memory): Kernel {
  let kernel = kernels.get(memory);
  if (kernel === undefined) {
    kernel = startKernel(memory);
    kernels.set(memory, kernel);
  }
  return kernel;
}

function startKernel(memory: Memory): Kernel {
  module ??= new Module(Buffer.from(BINARY, 'base64'));
  const { exports } = new Instance(module, { env: { memory: memory.wasm } });
  const { keys, start, end, source, line, stampAt, stampLength, flags, order, spare, state } = memory;
  const columns = [keys, start, end, source, line, stampAt, stampLength, flags, order, spare];
  (exports as Setup).setup(...columns.map((column) => column.byteOffset), state + STATE_COUNTS);
  return exports as Kernel;
}

/**
 * Address of rows[from, from + count) for the kernel, which sees nothing but the memory: rows that lie elsewhere are
 * copied there until the next call.
 * @param count at most SEEN_ROWS
 */
export function seenRows(memory: Memory, rows: Int32Array, from: number, count: number): number {
  if (count > SEEN_ROWS) throw new RangeError(`more than ${SEEN_ROWS} rows`);
  if (rows.buffer === memory.wasm.buffer) return rows.byteOffset + 4 * from;
  const address = memory.state + STATE_ROWS;
  new Int32Array(memory.wasm.buffer, address, count).set(rows.subarray(from, from + count));
  return address;
}
