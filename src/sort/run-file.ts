import { closeSync, readvSync, writevSync } from '../core/disk.ts';
import { openNamelessFile, temporaryFileError } from '../core/nameless-file.ts';

/**
 * A private temporary file that holds sorted runs. It is unlinked right after it was opened: no crash leaves it behind,
 * and one descriptor serves all runs.
 */
export class RunFile {
  readonly #fd: number;
  readonly #folder: string;
  #runs = 0;
  /** Bytes written so far. */
  size = 0;

  /** @param folder where it is made. @throws TsalignError 'output' where that is not possible. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#fd = openNamelessFile(folder);
  }

  /** Appends these pieces, one behind the other. */
  append(pieces: readonly Uint8Array[]): void {
    let rest = pieces.filter((piece) => piece.length > 0);
    while (rest.length > 0) {
      let written: number;
      try {
        written = writevSync(this.#fd, rest, this.size);
      } catch (error) {
        throw temporaryFileError(error, this.#folder);
      }
      this.size += written;
      rest = skip(rest, written);
    }
  }

  /** Fills these pieces from `position` on. */
  read(position: number, pieces: readonly Uint8Array[]): void {
    let rest = pieces.filter((piece) => piece.length > 0);
    let at = position;
    while (rest.length > 0) {
      const read = readvSync(this.#fd, rest, at);
      if (read === 0) throw new Error(`run file ends at ${at}`);
      at += read;
      rest = skip(rest, read);
    }
  }

  /** Counts a run that was written here and waits to be read. */
  retain(): void {
    this.#runs++;
  }

  /** Says that a run was read, or will not be: with the last one the file is gone. */
  release(): void {
    if (--this.#runs === 0) closeSync(this.#fd);
  }
}

/** What is left of the pieces after their first `count` bytes. */
function skip(pieces: readonly Uint8Array[], count: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let left = count;
  for (const piece of pieces) {
    if (left < piece.length) rest.push(left === 0 ? piece : piece.subarray(left));
    left = Math.max(0, left - piece.length);
  }
  return rest;
}
