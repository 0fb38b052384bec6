import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface Command {
  program: string;
  args: readonly string[];
  /** Added to the environment. */
  env?: Record<string, string>;
}

/** What a run of a command took. */
export interface Measured {
  seconds: number;
  /** Processor seconds of all its threads; NaN where the platform has no /proc. */
  cpu: number;
  /** Peak resident bytes; NaN where the platform has no /proc. */
  peak: number;
}

/** The kernel keeps the peak only as long as the process lives, so it is looked at this often; 0.05 ms a look. */
const LOOK_EVERY_MS = 10;
/** CLK_TCK, which Linux fixes at 100 for every process that reads /proc. */
const TICKS_PER_SECOND = 100;

/**
 * Runs a command with its stdout going to a path.
 * @throws Error with the end of its stderr where it does not exit with 0
 */
export function measure(command: Command, stdout: string): Promise<Measured> {
  const descriptor = openSync(stdout, 'w');
  const begun = performance.now();
  const child = spawn(command.program, command.args, {
    stdio: ['ignore', descriptor, 'pipe'],
    env: { ...process.env, ...command.env },
  });
  closeSync(descriptor);
  const usage = { cpu: Number.NaN, peak: Number.NaN };
  const timer = setInterval(() => look(child.pid, usage), LOOK_EVERY_MS);
  let complaint = '';
  child.stderr?.on('data', (text) => {
    complaint = (complaint + text).slice(-500);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = (performance.now() - begun) / 1000;
      clearInterval(timer);
      if (code === 0) resolve({ seconds, ...usage });
      else reject(new Error(`${command.program} ended with ${code}: ${complaint.trim()}`));
    });
  });
}

function look(pid: number | undefined, usage: { cpu: number; peak: number }): void {
  try {
    const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    // A process that has ended and waits to be collected has no memory any more, but still its times.
    if (peak !== undefined) usage.peak = Number(peak) * 1024;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold anything but ends with the last bracket: utime and stime are the 12th and 13th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    usage.cpu = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    // it has ended, or there is no /proc
  }
}
