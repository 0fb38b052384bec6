import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** What may happen to a log between two runs. */
const WRITING = ['grow', 'late', 'trace', 'unfinished', 'nothing'] as const;
const ROTATING = ['rename', 'truncate', 'gzip', 'xz', 'delayed', 'beside', 'half'] as const;
export const HAPPENINGS = [...WRITING, ...ROTATING];
export type Happening = (typeof HAPPENINGS)[number];

/** A program that writes a log, with the rotation that goes with it, and a ledger of all that was ever written. */
export interface LogWriter {
  happen(what: Happening): void;
  /** Ends the line that is unfinished, and the compressing that is at work. */
  finish(): void;
}

/** How rotated files are called: `app.log.1`, which move up, or `app.log-2024031006-000012`. */
export type Naming = 'numbered' | 'dated';

/** @param ledger the file that receives every line, in the order in which they were written */
export function logWriter(file: string, ledger: string, now: () => number, naming: Naming = 'numbered'): LogWriter {
  let count = 0;
  let unfinished = '';
  /** What compresses a file and was interrupted goes on with it before anything else happens. */
  let compressing: (() => void) | undefined;
  const rotated = rotatedNames(file, naming);
  const touch = (name: string): void => fs.utimesSync(name, now() / 1000, now() / 1000);
  const write = (text: string): void => {
    if (text === '') return;
    fs.appendFileSync(file, text);
    fs.appendFileSync(ledger, text);
    touch(file);
  };
  const record = (at: number): string =>
    `${new Date(at).toISOString()} ${path.basename(file)} ${count++} ${'x'.repeat(count % 37)}\n`;
  const settle = (): void => {
    write(unfinished);
    unfinished = '';
    compressing?.();
    compressing = undefined;
  };
  const rotate = (): string => {
    settle();
    const to = rotated.next(now());
    fs.renameSync(file, to);
    fs.writeFileSync(file, '');
    touch(file);
    return to;
  };
  const happenings: Record<Happening, () => void> = {
    nothing() {},
    grow() {
      settle();
      for (let i = 0; i < 3; i++) write(record(now() + i * 700));
    },
    late() {
      settle();
      write(record(now() - 5_400_000));
    },
    trace() {
      settle();
      write(`${record(now())}  at here\n  at there\n`);
    },
    unfinished() {
      settle();
      const text = record(now());
      write(text.slice(0, 30));
      unfinished = text.slice(30);
    },
    rename: () => void rotate(),
    gzip: () => compress(rotate(), undefined),
    xz: () => compress(rotate(), now()),
    /** logrotate's delaycompress: the rotated file of the last time. */
    delayed() {
      settle();
      const from = rotated.latestUnpacked();
      if (from !== undefined) compress(from, now());
    },
    /** A run comes while the log and what is compressed of it are both there. */
    beside() {
      const from = rotate();
      pack(from, now());
      compressing = () => fs.rmSync(from);
    },
    /** A run comes while a file is half compressed, and the log still there. */
    half() {
      const from = rotate();
      const whole = gzipSync(fs.readFileSync(from));
      fs.writeFileSync(`${from}.gz`, whole.subarray(0, whole.length >> 1));
      touch(`${from}.gz`);
      compressing = () => compress(from, now());
    },
    truncate() {
      settle();
      const to = rotated.next(now());
      fs.copyFileSync(file, to);
      touch(to);
      fs.truncateSync(file);
      touch(file);
    },
  };
  fs.appendFileSync(file, '');
  fs.appendFileSync(ledger, '');
  touch(file);
  return { happen: (what) => happenings[what](), finish: settle };
}

/** Makes a compressed copy. Its time is that of the file, as with gzip, or one of its own, as with most others. */
function pack(file: string, modified: number | undefined): void {
  const seconds = (modified ?? fs.statSync(file).mtimeMs) / 1000;
  fs.writeFileSync(`${file}.gz`, gzipSync(fs.readFileSync(file)));
  fs.utimesSync(`${file}.gz`, seconds, seconds);
}

function compress(file: string, modified: number | undefined): void {
  pack(file, modified);
  fs.rmSync(file);
}

interface RotatedNames {
  /** The name for a file that is rotated now; others have made room for it. */
  next(now: number): string;
  latestUnpacked(): string | undefined;
}

function rotatedNames(file: string, naming: Naming): RotatedNames {
  const isThere = (name: string): boolean => fs.existsSync(name);
  if (naming === 'dated') {
    const names: string[] = [];
    return {
      next(now) {
        const digits = new Date(now).toISOString().replace(/\D/g, '').slice(0, 10);
        names.push(`${file}-${digits}-${String(names.length).padStart(6, '0')}`);
        return names.at(-1) as string;
      },
      latestUnpacked: () => names.findLast(isThere),
    };
  }
  const numbered = (i: number): string => `${file}.${i}`;
  return {
    next() {
      for (let i = 50; i >= 1; i--) {
        for (const ending of ['', '.gz']) {
          if (isThere(numbered(i) + ending)) fs.renameSync(numbered(i) + ending, numbered(i + 1) + ending);
        }
      }
      return numbered(1);
    },
    latestUnpacked: () => [1, 2, 3, 4, 5].map(numbered).find(isThere),
  };
}
