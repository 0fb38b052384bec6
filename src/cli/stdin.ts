import { fstatSync } from 'node:fs';

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
