import { formatCount } from '../core/count-text.ts';
import type { Instant, Nanos } from '../core/instant.ts';
import { instantOfRow, type Memory, UNDATED } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import type { EmitRows } from './copies.ts';

export interface KeyDedupSettings {
  /** The values of the fields that must be equal; undefined where the record lacks one of them. */
  fieldsOf: (row: number) => readonly string[] | undefined;
  /** How far after the last kept record of a key another is its duplicate: 0 is the same instant. */
  window: Nanos;
  /** How many bytes the keys inside the window may take. */
  byteLimit: number;
  emit: EmitRows;
  removed: (row: number) => void;
}

/** What an entry of a Map costs beside the key's own characters, measured with a million of them. */
const ENTRY_BYTES = 150;

const bytesOf = (key: string): number => ENTRY_BYTES + 2 * key.length;

/** Removes records whose fields equal those of a record kept at most `window` before; the first wins. */
export class KeyDedup {
  readonly #memory: Memory;
  readonly #settings: KeyDedupSettings;
  /** Instant of the last kept record of each key; in order of instant, since a key that is kept again moves to the end. */
  readonly #kept = new Map<string, Instant>();

  #bytes = 0;

  constructor(memory: Memory, settings: KeyDedupSettings) {
    this.#memory = memory;
    this.#settings = settings;
  }

  take(rows: Int32Array, count: number): boolean {
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[i];
      if (this.#isDuplicate(row)) this.#settings.removed(row);
      else rows[kept++] = row;
    }
    return this.#settings.emit(rows, kept);
  }

  #isDuplicate(row: number): boolean {
    const { flags } = this.#memory;
    if ((flags[row] & UNDATED) !== 0) return false;
    const fields = this.#settings.fieldsOf(row);
    if (fields === undefined) return false;
    const instant = instantOfRow(this.#memory, row);
    this.#forget(instant - this.#settings.window);
    // JSON keeps ["a","b,c"] and ["a,b","c"] apart.
    const key = fields.length === 1 ? fields[0] : JSON.stringify(fields);
    if (this.#kept.has(key)) return true;
    this.#bytes += bytesOf(key);
    if (this.#bytes > this.#settings.byteLimit) throw this.#tooMany();
    this.#kept.set(key, instant);
    return false;
  }

  /** Forgets keys last kept before `horizon`. */
  #forget(horizon: Instant): void {
    for (const [key, instant] of this.#kept) {
      if (instant >= horizon) return;
      this.#kept.delete(key);
      this.#bytes -= bytesOf(key);
    }
  }

  #tooMany(): TsalignError {
    return new TsalignError({
      code: 'too-large',
      where: '--dedup-window',
      what: `the ${formatCount(this.#kept.size)} different keys inside it take more than ${formatCount(this.#settings.byteLimit)} bytes`,
      hint: 'give a shorter window or a larger --memory',
    });
  }
}
