import type { Plan, SourcePlan, Taking } from '../plan.ts';
import type { SourceState } from '../state/index.ts';

/** All of a source is to be taken, from its beginning. */
export const NOTHING_TAKEN: Taking = {
  from: 0,
  lines: 0,
  last: undefined,
  dating: undefined,
  framing: undefined,
  end: 'whole',
  entry: undefined,
};

/** Which bytes of which files would be read, a line for each file. */
export function describeTaking(plan: Plan): string {
  const read = plan.sources.map(describeRead);
  const seen = (plan.kept?.seen ?? []).map(describeSeen);
  return [...read, ...seen].map((line) => `${line}\n`).join('');
}

function describeRead({ path, label, open, taking }: SourcePlan): string {
  const named = path === label ? '' : ` as ${label}`;
  // What is compressed tells its length only when it is unpacked.
  const to = open.seekable ? `${open.size}` : 'its end';
  const unit = open.seekable ? 'bytes' : 'bytes of text';
  const waits = taking.end === 'whole' || taking.end === 'unpacked' ? '' : ', without an unfinished last line';
  return `${path}${named}: ${unit} ${taking.from} to ${to}${waits}`;
}

const describeSeen = ({ file, label, offset }: SourceState): string =>
  `${file} as ${label}: nothing new behind byte ${offset}`;
