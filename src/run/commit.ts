import { FINGERPRINT_BYTES, fingerprintOf } from '../core/fingerprint.ts';
import { isPlain, readText } from '../plan/file-found.ts';
import { isOwedOfMoved } from '../plan/taking.ts';
import type { KeptPlan, Plan, SourcePlan } from '../plan.ts';
import type { SourceState, StateDocument } from '../state/index.ts';
import type { Place } from './reached.ts';
import type { Run } from './run.ts';
import type { Session } from './session.ts';
import type { Thinning } from './thinning.ts';

/** Sources that no run sees any more are kept, for they may come again, but no more than so many. */
const MOST_UNSEEN = 1000;

/**
 * Ends a run in the order that leaves nothing half: what was written is made durable; then, with a state, that is
 * replaced, which is the moment at which all of it has happened; then files are put into their places.
 */
export async function commitRun(run: Run, plan: Plan, thinning: Thinning, session: Session | undefined): Promise<void> {
  const entries = plan.kept === undefined ? [] : await entriesOf(plan, thinning.reached);
  run.io.signal.throwIfAborted();
  session?.keep();
  const outputs = thinning.channels.settle();
  const { '--output': output } = outputs;
  if (output !== undefined) output.last = thinning.last();
  if (plan.kept !== undefined) {
    const pending = thinning.channels.seal();
    session?.save({ ...documentAfter(plan, plan.kept, entries), outputs, pending, header: thinning.channels.header });
  }
  thinning.channels.commit();
}

/** The sources as the next run has to know them. */
async function entriesOf({ sources }: Plan, reached: Thinning['reached']): Promise<SourceState[]> {
  const entries: SourceState[] = [];
  for (const [index, { place }] of reached.entries()) entries.push(await entryOf(sources[index], place));
  return entries;
}

/** A source as it is known when a pass has come to a place. */
export async function entryOf({ open, taking, input }: SourcePlan, place: Place): Promise<SourceState> {
  const offset = taking.from + place.count - place.held;
  const end = Math.min(offset, FINGERPRINT_BYTES);
  const head = await readText(open, 0, end);
  const isWhole = place.held === 0 && place.tail.length === end;
  const before = isWhole ? place.tail : await readText(open, offset - end, end);
  const entry: SourceState = {
    ...(taking.entry as SourceState),
    again: undefined,
    offset,
    lines: place.lines,
    head: fingerprintOf(head),
    before: fingerprintOf(before),
    last: place.last ?? taking.last,
    dating: place.dating,
    framing: input.format === 'w3c' ? place.framing : undefined,
    waits: place.held > 0 && !isPlain(open) ? true : undefined,
  };
  return { ...entry, moved: isOwedOfMoved(entry, taking.end) ? true : undefined };
}

function documentAfter(plan: Plan, kept: KeptPlan, entries: readonly SourceState[]): StateDocument {
  const { document, seen } = kept;
  const now = [...seen, ...entries];
  const ids = new Set(now.map(({ id }) => id));
  const unseen = document.sources.filter(({ id }) => !ids.has(id)).slice(-MOST_UNSEEN);
  return documentWith(plan, kept, [...unseen, ...now]);
}

/** The state, with these sources. */
export function documentWith(plan: Plan, { document, settings }: KeptPlan, sources: SourceState[]): StateDocument {
  return {
    ...document,
    settings,
    slots: undefined,
    labels: [...new Set([...document.labels, ...plan.sources.map(({ label }) => label)])],
    nextId: Math.max(document.nextId, ...sources.map(({ id }) => id + 1)),
    sources: sources.sort((a, b) => a.id - b.id),
  };
}
