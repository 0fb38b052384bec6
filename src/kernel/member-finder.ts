import { MemberScanner } from './members.ts';

/**
 * Finds members of JSON objects that are known to be valid, each by its own name or by a path of names from the top down:
 * `a.b` may be either. Of members that have one name the last is found, as by JSON.parse.
 */
export class MemberFinder {
  /** The value that `find` found, with its quotes if it has any. */
  start = 0;
  end = 0;
  readonly #paths: readonly (readonly Buffer[])[];
  readonly #names: readonly Buffer[];
  readonly #top: MemberScanner;
  readonly #inner: MemberScanner;

  /** @param paths the members that will be looked for; none is found by a path without names */
  constructor(bytes: Uint8Array, paths: readonly (readonly string[])[]) {
    this.#paths = paths.map((path) => path.map((name) => Buffer.from(name)));
    this.#names = paths.map((path) => Buffer.from(path.join('.')));
    this.#top = new MemberScanner(bytes);
    this.#inner = new MemberScanner(bytes);
  }

  /** Goes on to the object in bytes [from, to). False where there is none. */
  scan(from: number, to: number): boolean {
    return this.#top.scan(from, to);
  }

  /** Finds the member of paths[index] in that object. */
  find(index: number): boolean {
    const path = this.#paths[index];
    if (path.length === 0) return false;
    if (this.#take(this.#top, this.#names[index])) return true;
    if (path.length === 1 || !this.#take(this.#top, path[0])) return false;
    for (let k = 1; k < path.length; k++) {
      if (!this.#inner.scan(this.start, this.end) || !this.#take(this.#inner, path[k])) return false;
    }
    return true;
  }

  #take(scanner: MemberScanner, name: Buffer): boolean {
    if (!scanner.findValue(name)) return false;
    this.start = scanner.foundStart;
    this.end = scanner.foundEnd;
    return true;
  }
}
