import { fstatSync, readFileSync } from 'node:fs';

/**
 * Whether records may be expected on this descriptor although nobody named it: a pipe, a socket or a file. A terminal
 * would wait for somebody to type, and /dev/null is what cron and services give to programs that shall read nothing.
 */
export function stdinIsSource(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isFIFO() || stat.isSocket() || stat.isFile();
  } catch {
    return false; // closed (EBADF): nothing to read there
  }
}

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
