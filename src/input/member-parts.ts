import type { Memory } from '../core/memory.ts';
import type { Stamper } from '../core/stages.ts';
import { resolveEscapes } from '../kernel/json-escapes.ts';
import { ABSENT, ESCAPED, JsonScanner } from '../kernel/json-scan.ts';
import { JoinedStamp } from './joined-stamp.ts';

/** The longest value with escapes that is taken for a part of a time. */
const MAX_ESCAPED = 255;

/** Reads a time that stands in several members of an object. */
export class MemberParts {
  readonly #memory: Memory;
  readonly #joined: JoinedStamp;
  readonly #scanners: readonly JsonScanner[];
  readonly #resolved = new Uint8Array(MAX_ESCAPED);

  constructor(paths: readonly (readonly string[])[], memory: Memory, stamper: Stamper) {
    this.#memory = memory;
    this.#joined = new JoinedStamp(memory, stamper);
    this.#scanners = paths.map((path) => new JsonScanner(path));
  }

  /** Whether bytes [start, end) of the memory are an object that has all the members, and they are a stamp. */
  read(start: number, end: number): boolean {
    const { bytes } = this.#memory;
    this.#joined.clear();
    for (const scanner of this.#scanners) {
      if (!scanner.scan(bytes, start, end) || !this.#add(scanner)) return false;
    }
    return this.#joined.read(start);
  }

  #add({ kind, valueStart, valueEnd }: JsonScanner): boolean {
    if (kind === ABSENT || valueEnd - valueStart > MAX_ESCAPED) return false;
    if (kind !== ESCAPED) this.#joined.add(valueStart, valueEnd);
    else {
      const length = resolveEscapes(this.#memory.bytes, valueStart, valueEnd, this.#resolved);
      this.#joined.addText(this.#resolved.subarray(0, length));
    }
    return true;
  }
}
