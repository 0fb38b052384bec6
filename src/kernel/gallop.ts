import type { Output } from '../core/stages.ts';

const LF = 10;

/**
 * Appends the bytes of the records rows[0 … count) and a newline behind each. Records that lie one behind the other in
 * the memory, as those of one source do until another has its turn, go in one copy.
 */
export function copyLines(rows: Int32Array, count: number, out: Output): void {
  const { start, end, bytes } = out.memory;
  let i = 0;
  while (i < count) {
    const from = start[rows[i]];
    let to = end[rows[i]];
    i++;
    while (i < count && start[rows[i]] === to + 1 && bytes[to] === LF) {
      to = end[rows[i]];
      i++;
    }
    out.copy(from, to);
    out.reserve(1);
    bytes[out.position++] = LF;
  }
}
