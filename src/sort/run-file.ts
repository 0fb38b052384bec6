import fs from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { TsalignError } from '../core/problem.ts';

/**
 * A private temporary file that holds sorted runs. It is unlinked right after it was opened: no crash leaves it behind,
 * and one descriptor serves all runs.
 */
export class RunFile {
  readonly #fd: number;
  readonly #folder: string;
  /** Bytes written so far. */
  size = 0;

  /** @param folder where it is made. @throws TsalignError 'output' where that is not possible. */
  constructor(folder: string) {
    this.#folder = folder;
    try {
      const own = fs.mkdtempSync(path.join(folder, 'tsalign-'));
      try {
        const file = path.join(own, 'runs');
        this.#fd = fs.openSync(file, 'wx+', 0o600);
        fs.unlinkSync(file);
      } finally {
        fs.rmdirSync(own);
      }
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Appends these pieces, one behind the other. */
  append(pieces: readonly Uint8Array[]): void {
    let rest = pieces.filter((piece) => piece.length > 0);
    while (rest.length > 0) {
      let written: number;
      try {
        written = fs.writevSync(this.#fd, rest, this.size);
      } catch (error) {
        throw this.#failure(error);
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
      const read = fs.readvSync(this.#fd, rest, at);
      if (read === 0) throw new Error(`run file ends at ${at}`);
      at += read;
      rest = skip(rest, read);
    }
  }

  close(): void {
    fs.closeSync(this.#fd);
  }

  #failure(error: unknown): Error {
    const { errno, message } = error as NodeJS.ErrnoException;
    if (errno === undefined) return error as Error;
    const full = -errno === constants.errno.ENOSPC || -errno === constants.errno.EDQUOT;
    return new TsalignError({
      code: full ? 'disk-full' : 'output',
      where: this.#folder,
      what: full ? 'no space is left for temporary files' : `temporary files cannot be written here (${message})`,
      hint: 'choose another folder with --temp-dir, or give more --memory',
    });
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
