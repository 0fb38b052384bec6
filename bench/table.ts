import type { Job } from './jobs.ts';
import type { Command, Measured } from './measure.ts';

/** A program and what its rounds took. */
export interface Runner {
  name: string;
  command: Command;
  runs: Measured[];
}

/** Head of the table of results. */
export const HEAD = [
  '| job | what | MB/s | s | cpu s | peak MiB | beside | s | cpu s | peak MiB | time ratio (min–median–max) |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];

/** A row for every peer, or one without a peer; runners[0] is ours. */
export function tableRows(job: Job, bytes: number, [ours, ...peers]: readonly Runner[]): string[] {
  if (ours === undefined) return [];
  const speed = (bytes / 1e6 / median(secondsOf(ours))).toFixed(0);
  const own = [job.name, job.what, speed, ...figures(ours)];
  if (peers.length === 0) return [row([...own, '–', '', '', '', ''])];
  return peers.map((peer) => row([...own, peer.name, ...figures(peer), ratiosTo(ours, peer)]));
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const secondsOf = ({ runs }: Runner): number[] => runs.map(({ seconds }) => seconds);

function figures({ runs }: Runner): string[] {
  return [
    median(runs.map(({ seconds }) => seconds)).toFixed(2),
    median(runs.map(({ cpu }) => cpu)).toFixed(2),
    (Math.max(...runs.map(({ peak }) => peak)) / 2 ** 20).toFixed(0),
  ];
}

/** Round by round, because what disturbs the machine comes and goes. */
export function ratiosTo(ours: Runner, peer: Runner): string {
  const all = ours.runs.map(({ seconds }, round) => seconds / peer.runs[round].seconds);
  return [Math.min(...all), median(all), Math.max(...all)].map((ratio) => ratio.toFixed(2)).join(' – ');
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}
