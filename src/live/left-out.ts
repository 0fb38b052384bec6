import { type FileIdentity, identityKey } from '../core/file-identity.ts';
import type { FileTail } from '../source/index.ts';

/** When a file that was left out is looked at again. */
export type Until = 'it is shorter' | 'it is another size';

/** Files that are read no further, and how long they were when they were last looked at. */
export class LeftOutFiles {
  readonly #files = new Map<string, { size: number; until: Until }>();

  add(tail: FileTail, until: Until): void {
    this.#files.set(identityKey(tail.identity), { size: tail.stored.size, until });
  }

  /** Whether a file is left out still. One that is shorter now was cut, as copytruncate does: it holds something else. */
  has(identity: FileIdentity, size: number): boolean {
    const key = identityKey(identity);
    const left = this.#files.get(key);
    if (left === undefined) return false;
    const isOther = left.until === 'it is shorter' ? size < left.size : size !== left.size;
    left.size = size;
    if (isOther) this.#files.delete(key);
    return !isOther;
  }
}
