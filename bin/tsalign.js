#!/usr/bin/env node
// The only file that touches `process`: the world goes in, an exit code comes out.
import { fstatSync } from 'node:fs';
import { main, SIGNALS, signalOfExit, stdinIsSource, writeMessage, writeText } from '../dist/cli/index.js';

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

const abort = new AbortController();
for (const signal of SIGNALS) {
  process.on(signal, () => {
    // The first one lets the run clean up; who sends a second one does not want to wait.
    if (abort.signal.aborted) endBySignal(signal);
    else abort.abort(signal);
  });
}

/** Dies of the signal itself, so that a shell script that runs us stops too. */
function endBySignal(signal) {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

process.on('uncaughtException', (error) => {
  writeMessage(STDERR, `tsalign: a defect of tsalign, please report it\n${error?.stack ?? error}\n`);
  process.exit(2); // Node would say 1, which means that the records were written
});

/** Undefined where the descriptor is closed. */
function statusOf(descriptor) {
  try {
    return fstatSync(descriptor);
  } catch {
    return undefined;
  }
}

/** Asked of what may be one only: loading node:tty takes 2 ms. */
const isTerminal = (descriptor, status) =>
  status?.isCharacterDevice() === true && process.getBuiltinModule('node:tty').isatty(descriptor);

const stdout = statusOf(STDOUT);

// isatty and descriptors, not process.stdout: once that is touched, writing to a pipe fails with EAGAIN.
const code = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdin: STDIN,
  stdout: STDOUT,
  stdoutIsTerminal: isTerminal(STDOUT, stdout),
  stdoutIsPipe: stdout !== undefined && (stdout.isFIFO() || stdout.isSocket()),
  stderrIsTerminal: isTerminal(STDERR, statusOf(STDERR)),
  stdinIsSource: stdinIsSource(STDIN),
  columns: () => process.stderr.columns || 80, // 0 where the terminal does not know its size
  now: () => BigInt(Date.now()) * 1_000_000n,
  signal: abort.signal,
  writeOut: (text) => writeText(STDOUT, text),
  writeError: (text) => writeMessage(STDERR, text),
});

const signal = abort.signal.aborted ? signalOfExit(code) : undefined;
if (signal !== undefined) endBySignal(signal);
else if (abort.signal.aborted)
  process.exit(code); // what is still being opened does not keep it
else process.exitCode = code;
