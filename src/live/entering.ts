import type { Joining } from '../plan/joining.ts';
import { NOTHING_TAKEN, placeOf } from '../plan/taking.ts';
import type { SourcePlan, Taking } from '../plan.ts';
import { completeYearOf } from '../run/years.ts';
import { FileTail, type OpenSource, Shrunk, type StreamTail } from '../source/index.ts';
import type { Around } from './feed.ts';
import { type Followed, isReadAlike, type Part, partsBefore } from './followed.ts';

/**
 * Finds out what a part is; undefined while nothing in it shows that, or where it is cut while it is looked at.
 * @throws TsalignError where it cannot be read
 */
export async function planPart(joining: Joining, followed: Followed, part: Part): Promise<SourcePlan | undefined> {
  const { tail, copy } = part;
  try {
    if (tail instanceof FileTail) return await planFile(joining, followed, part, tail);
    return copy === undefined ? await planPipe(joining, followed, tail) : await planCopy(joining, followed, copy);
  } catch (error) {
    if (error instanceof Shrunk) return undefined;
    throw error;
  }
}

async function planPipe(joining: Joining, followed: Followed, tail: StreamTail): Promise<SourcePlan | undefined> {
  const bytes = tail.peek();
  if (tail.isOver || bytes.length === 0) return undefined;
  return joining.planPipe(followed.path, followed.label, bytes, tail.isPeeked);
}

const planCopy = (joining: Joining, { label, first }: Followed, copy: OpenSource): Promise<SourcePlan | undefined> =>
  joining.planFile(copy, label, first);

async function planFile(joining: Joining, followed: Followed, part: Part, tail: FileTail) {
  if (tail.size <= 0) return undefined;
  const open = await joining.open({ ...followed.path, file: part.file, opened: tail.opened });
  const found = await joining.planFile(open, followed.label, followed.first);
  const behindMark = open.text?.follow?.(tail.offset);
  if (found === undefined || behindMark === undefined) return undefined;
  behindMark.sawAs(tail);
  part.tail = behindMark;
  return found;
}

/**
 * Gives a source its place in the plan, or lets a file take the place of the one before.
 * @returns what goes before it, and whether its place is a new one
 */
export async function enterPlan(
  { run, plan, memory }: Around,
  followed: Followed,
  part: Part,
  found: SourcePlan,
): Promise<{ taking: Taking; isNew: boolean }> {
  const taking: Taking = { ...placeOf(part.known), end: 'whole', entry: undefined };
  const known = followed.index === undefined ? undefined : plan.sources[followed.index];
  if (known !== undefined && isReadAlike(known, found)) {
    if (part.known !== undefined) return { taking, isNew: false };
    const before =
      partsBefore(followed, part).findLast(({ feed }) => feed !== undefined)?.feed?.place ?? followed.before;
    const { last, dating } = before ?? NOTHING_TAKEN;
    return { taking: { ...NOTHING_TAKEN, last, dating }, isNew: false };
  }
  followed.index = plan.sources.length;
  plan.sources.push({ ...found, series: known?.series ?? plan.sources.length });
  if (found.open.kind === 'file') await completeYearOf(run, plan, memory, followed.index);
  return { taking, isNew: true };
}
