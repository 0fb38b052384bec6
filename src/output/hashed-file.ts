import { cryptoModule } from '../core/builtins.ts';
import { closeSync, fstatSync, openSync, readSync } from '../core/disk.ts';
import { attempt } from './file-sink.ts';

const PIECE_BYTES = 1 << 18;

/** The length and SHA-256 of a file; `take` sees its bytes. @throws TsalignError 'output' where it cannot be read */
export function hashFile(
  path: string,
  take: (piece: Uint8Array) => void = () => {},
): { bytes: number; sha256: string } {
  const file = new HashedFile(path);
  try {
    let bytes = 0;
    for (let piece = file.read(PIECE_BYTES); piece.length > 0; piece = file.read(PIECE_BYTES)) {
      take(piece);
      bytes += piece.length;
    }
    return { bytes, sha256: file.hash() };
  } finally {
    file.close();
  }
}

/** Reads a file from its beginning to its end, and its hash. */
export class HashedFile {
  readonly #descriptor: number;
  readonly #where: string;
  readonly #hash = cryptoModule().createHash('sha256');
  /** Bytes that were not read yet. */
  #left: number;
  #isClosed = false;

  /** @param limit bytes of it that count, where it may be longer */
  constructor(path: string, limit = Number.POSITIVE_INFINITY) {
    this.#where = path;
    this.#descriptor = attempt(path, () => openSync(path, 'r'));
    try {
      this.#left = Math.min(
        limit,
        attempt(path, () => fstatSync(this.#descriptor).size),
      );
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  /** The next bytes: fewer only at the end, however large the number is that a damaged index asks for. */
  read(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.min(length, this.#left));
    let filled = 0;
    while (filled < bytes.length) {
      const count = attempt(this.#where, () => readSync(this.#descriptor, bytes, filled, bytes.length - filled, null));
      if (count === 0) break;
      filled += count;
    }
    this.#left -= filled;
    this.#hash.update(bytes.subarray(0, filled));
    return bytes.subarray(0, filled);
  }

  /** SHA-256 of what was read; can be asked for once. */
  hash(): string {
    return this.#hash.digest('hex');
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    attempt(this.#where, () => closeSync(this.#descriptor));
  }
}
