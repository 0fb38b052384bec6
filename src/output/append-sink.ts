import { formatCount } from '../core/count-text.ts';
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, rmSync, statSync } from '../core/disk.ts';
import { FINGERPRINT_BYTES, type Fingerprint, fingerprintOf, hasFingerprint } from '../core/fingerprint.ts';
import { TsalignError } from '../core/problem.ts';
import type { Sink } from '../core/stages.ts';
import { attempt, cutBack, followLinks, syncFolder } from './file-sink.ts';
import { writeAll } from './sink.ts';

/** What is valid of a file that runs append to, one after the other. */
export interface Appended {
  file: string;
  /** Bytes; what stands behind them was written by a run that did not end. */
  length: number;
  /** The last bytes before that. */
  tail: Fingerprint;
}

/** A file that is appended to: what was written counts once the state says so. */
export interface AppendSink extends Sink {
  /** Whether nothing stands in it yet. */
  readonly isEmpty: boolean;
  /** Makes what was written durable. Returns what is then valid. */
  settle(): Appended;
}

/**
 * Opens a file to append to, and cuts off what a run has left that did not end.
 * @param valid what the state says of the file; undefined where it knows nothing of it
 * @throws TsalignError 'state' where the file is not what earlier runs have left; 'output', 'disk-full'
 */
export function appendSink(path: string, valid: Appended | undefined): AppendSink {
  return attempt(path, () => {
    const target = followLinks(path);
    const old = statSync(target, { throwIfNoEntry: false });
    if (old !== undefined && !old.isFile()) {
      const what = 'with --state the output must be a file, which can be cut back';
      throw new TsalignError({ code: 'usage', where: path, what });
    }
    if (valid === undefined && old !== undefined && old.size > 0) {
      const hint = 'remove it, or name another file';
      throw new TsalignError({ code: 'state', where: path, what: 'exists, and the state knows nothing of it', hint });
    }
    // A file that was moved away, as rotation does, is begun anew.
    return new AppendedFile(path, target, old === undefined ? undefined : valid, old === undefined);
  });
}

class AppendedFile implements AppendSink {
  readonly isEmpty: boolean;
  readonly #where: string;
  readonly #target: string;
  readonly #descriptor: number;
  /** Bytes that were valid before. */
  readonly #length: number;
  readonly #isNew: boolean;
  #open = true;
  #hasWritten = false;
  /** Whether the state may speak of what was written: then it stays, and the next run, which can tell, cuts it off or not. */
  #isSettled = false;
  /** Bytes up to which it may: what stands behind them is cut off. Undefined where others may have the file. */
  #settled: number | undefined;

  constructor(where: string, target: string, valid: Appended | undefined, isNew: boolean) {
    this.#where = where;
    this.#target = target;
    this.#length = valid?.length ?? 0;
    this.isEmpty = this.#length === 0;
    this.#isNew = isNew;
    this.#descriptor = openSync(target, 'a+', 0o666);
    try {
      if (valid !== undefined) this.#check(valid);
      ftruncateSync(this.#descriptor, this.#length);
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  write(bytes: Uint8Array): void {
    this.#hasWritten = true;
    writeAll(this.#descriptor, bytes, this.#where);
  }

  settle(): Appended {
    return attempt(this.#where, () => {
      fsyncSync(this.#descriptor);
      if (this.#isNew) syncFolder(this.#target);
      this.#isSettled ||= this.#hasWritten;
      const length = fstatSync(this.#descriptor).size;
      this.#settled = length;
      const tail = fingerprintOf(this.#read(Math.max(0, length - FINGERPRINT_BYTES), length));
      return { file: this.#target, length, tail };
    });
  }

  /** @throws TsalignError 'state' where it was moved away: what the state says of it holds for a file of that name */
  followName(): undefined {
    if (attempt(this.#where, () => this.#hasName())) return;
    // What stands there now is not of this run, and what was moved stays as it is.
    this.#isSettled = true;
    this.#settled = undefined;
    throw new TsalignError({
      code: 'state',
      where: this.#where,
      what: 'was moved away while this run was writing to it',
      hint: 'run again: where no other file has its name, one is begun that holds what is new',
    });
  }

  #hasName(): boolean {
    const now = statSync(this.#target, { throwIfNoEntry: false });
    const own = fstatSync(this.#descriptor);
    return now?.ino === own.ino && now.dev === own.dev;
  }

  commit(): void {
    attempt(this.#where, () => this.#close());
  }

  abort(): void {
    if (!this.#open) return;
    if (this.#isSettled) {
      cutBack(this.#descriptor, this.#settled);
      this.#close();
      return;
    }
    if (this.#isNew) rmSync(this.#target, { force: true });
    else ftruncateSync(this.#descriptor, this.#length);
    this.#close();
  }

  #check({ length, tail }: Appended): void {
    const { size } = fstatSync(this.#descriptor);
    if (size >= length && hasFingerprint(this.#read(length - tail.length, length), tail)) return;
    throw new TsalignError({
      code: 'state',
      where: this.#where,
      what:
        size < length
          ? `has ${formatCount(size)} bytes, but earlier runs wrote ${formatCount(length)} to it`
          : 'no longer holds what earlier runs wrote to it',
      hint: 'put it back, or move it away: a file is then begun that holds what is new',
    });
  }

  #read(from: number, to: number): Uint8Array {
    const bytes = new Uint8Array(to - from);
    for (let filled = 0; filled < bytes.length; ) {
      const count = readSync(this.#descriptor, bytes, filled, bytes.length - filled, from + filled);
      if (count === 0) return bytes.subarray(0, filled);
      filled += count;
    }
    return bytes;
  }

  #close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#descriptor);
  }
}
