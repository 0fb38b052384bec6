import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** What may happen to a log between two runs. */
export const HAPPENINGS = ['grow', 'late', 'trace', 'unfinished', 'rename', 'compress', 'truncate', 'nothing'] as const;
export type Happening = (typeof HAPPENINGS)[number];

/** A program that writes a log, with the rotation that goes with it, and a ledger of all that was ever written. */
export interface LogWriter {
  happen(what: Happening): void;
  /** Ends the line that is unfinished. */
  finish(): void;
}

/** @param ledger the file that receives every line, in the order in which they were written */
export function logWriter(file: string, ledger: string, now: () => number): LogWriter {
  let count = 0;
  let unfinished = '';
  const write = (text: string): void => {
    fs.appendFileSync(file, text);
    fs.appendFileSync(ledger, text);
  };
  const record = (at: number): string =>
    `${new Date(at).toISOString()} ${path.basename(file)} ${count++} ${'x'.repeat(count % 37)}\n`;
  const finish = (): void => {
    write(unfinished);
    unfinished = '';
  };
  const moveUp = (): void => {
    for (let i = 50; i >= 1; i--) {
      for (const ending of ['', '.gz']) {
        const from = `${file}.${i}${ending}`;
        if (fs.existsSync(from)) fs.renameSync(from, `${file}.${i + 1}${ending}`);
      }
    }
  };
  const compress = (from: string): void => {
    const { atime, mtime } = fs.statSync(from);
    fs.writeFileSync(`${from}.gz`, gzipSync(fs.readFileSync(from)));
    fs.utimesSync(`${from}.gz`, atime, mtime);
    fs.rmSync(from);
  };
  const rotate = (): void => {
    finish();
    moveUp();
    fs.renameSync(file, `${file}.1`);
    fs.writeFileSync(file, '');
  };
  const happenings: Record<Happening, () => void> = {
    nothing() {},
    grow() {
      finish();
      for (let i = 0; i < 3; i++) write(record(now() + i * 700));
    },
    late() {
      finish();
      write(record(now() - 5_400_000));
    },
    trace() {
      finish();
      write(`${record(now())}  at here\n  at there\n`);
    },
    unfinished() {
      finish();
      const text = record(now());
      write(text.slice(0, 30));
      unfinished = text.slice(30);
    },
    rename: rotate,
    compress() {
      rotate();
      compress(`${file}.1`);
    },
    truncate() {
      finish();
      moveUp();
      fs.copyFileSync(file, `${file}.1`);
      fs.truncateSync(file);
    },
  };
  fs.appendFileSync(file, '');
  fs.appendFileSync(ledger, '');
  return { happen: (what) => happenings[what](), finish };
}
