import { readFileSync } from 'node:fs';

/**
 * Where the next plain read of an inherited descriptor would begin, in bytes: `{ read header; tsalign merge -; } < f`
 * must not see the header again. Node cannot ask (no lseek), Linux tells in proc(5); elsewhere the beginning is assumed.
 */
export function offsetOf(descriptor: number): number {
  try {
    const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1');
    return Number(/^pos:\s*(\d+)/m.exec(info)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
