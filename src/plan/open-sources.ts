import { systemClock } from '../core/clock.ts';
import type { Instant } from '../core/instant.ts';
import { namesFor, type Problem, TsalignError, type Warn } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import type { MergeRequest, RunIo } from '../request.ts';
import {
  connectPipes,
  gatherSeries,
  labelSources,
  type OpenSource,
  openSource,
  type SourcePath,
  settingFor,
  unpackArchives,
} from '../source/index.ts';
import type { SourcePlan } from './data.ts';
import { saySeveralLogs } from './doubts.ts';
import { recogniseSource } from './recognition.ts';
import { isSearched } from './searching.ts';
import { type SourceSettings, sourceSettings } from './settings.ts';
import { NOTHING_TAKEN } from './taking.ts';

/** Opens and recognises the sources, in their order, before anything is written. */
export async function openSources(
  named: readonly SourcePath[],
  tempDir: string,
  request: MergeRequest,
  io: RunIo,
  missing: Warn,
): Promise<SourcePlan[]> {
  const pipes = await connectPipes(
    named.filter(({ origin }) => origin !== 'stream'),
    { stdin: io.stdin, tempDir },
  );
  for (const each of named) {
    const stream = each.origin === 'stream' ? io.streams?.get(each.path) : undefined;
    if (stream !== undefined) pipes.set(each, stream);
  }
  return sayingWait([...pipes.keys()], request, io, () => openConnected(named, pipes, tempDir, request, io, missing));
}

/** Opens and recognises the sources; those that can be read only once are `pipes`. */
async function openConnected(
  named: readonly SourcePath[],
  pipes: Map<SourcePath, ByteStream>,
  tempDir: string,
  request: MergeRequest,
  io: RunIo,
  missing: Warn,
): Promise<SourcePlan[]> {
  const { stdin, warn } = io;
  const maySplit = (path: SourcePath): boolean => settingFor(request.inputFormat, path) === undefined;
  const paths = await unpackArchives(named, { stdin, tempDir, pipes, warn, missing, now: io.now(), maySplit });
  const settings = await sourceSettings(request, paths, io);
  const asked = gatherSeries(
    paths.map((path, i) => {
      const said = settings[i];
      return { path, label: said.label, settings: said, pipe: pipes.get(path) };
    }),
  );
  const labels = labelSources(
    asked.map((each) => each.path),
    asked.map((each) => each.label),
  );
  // Of a series, messages name the file.
  const shared = repeated(labels);
  const sources: SourcePlan[] = [];
  const binary: string[] = [];
  try {
    for (const [i, { path: each, settings: said, pipe }] of asked.entries()) {
      const { encoding } = said;
      const label = labels[i];
      const name = shared.has(label) ? each.path : label;
      const open = () => openSource(each, { label: name, encoding, stdin, pipe });
      const skip = (problem: Problem): void => {
        if (problem.code === 'binary' && each.origin === 'folder') binary.push(each.path);
        else missing(problem);
      };
      const source = await openOrSkip(open, label, said, { now: io.now(), warn: io.warn, missing: skip });
      if (source === undefined) continue;
      sources.push(source);
    }
  } catch (error) {
    for (const source of sources) source.open.close();
    for (const each of paths) (each.member?.file ?? each.opened)?.close();
    for (const pipe of pipes.values()) await pipe.close();
    throw error;
  }
  if (binary.length > 0) sayBinary(binary, io.warn);
  for (const source of sources) source.searched = isSearched(request, source);
  return sources;
}

/** Somebody who sits there wonders by then. */
const WAIT_MS = 2000;

/** Tells somebody at a terminal what slow pipes are waited for. A job is told nothing: what it says must not depend on how fast its sources are. */
async function sayingWait<T>(
  pipes: readonly SourcePath[],
  { presorted }: MergeRequest,
  { stderrIsTerminal, clock = systemClock(), warn }: RunIo,
  open: () => Promise<T>,
): Promise<T> {
  if (!stderrIsTerminal || pipes.length === 0) return open();
  const where = namesFor(pipes.map(({ origin, path }) => (origin === 'stdin' ? 'stdin' : path)));
  const what = presorted
    ? 'the first 64 KiB of records, or the end, are waited for'
    : 'the end is waited for, to put the records in order';
  let isOpen = false;
  void clock.sleep(WAIT_MS).then(() => {
    if (!isOpen) warn({ code: 'note', where, what, hint: 'with --follow they are written as they come' });
  });
  try {
    return await open();
  } finally {
    isOpen = true;
    clock.wake();
  }
}

function repeated(labels: readonly string[]): Set<string> {
  const seen = new Set<string>();
  return new Set(
    labels.filter((label) => {
      const isRepeated = seen.has(label);
      seen.add(label);
      return isRepeated;
    }),
  );
}

/** Of what lies in folders, what is no text is passed over, and counted. */
function sayBinary([first, ...others]: readonly string[], warn: Warn): void {
  const more = others.length === 0 ? '' : `, like ${others.length} more`;
  warn({ code: 'note', where: first, what: 'is binary data, not text', hint: `not read${more}` });
}

interface Saying {
  now: Instant;
  warn: Warn;
}

async function openOrSkip(
  open: () => Promise<OpenSource>,
  label: string,
  settings: SourceSettings,
  saying: Saying & { missing: Warn },
): Promise<SourcePlan | undefined> {
  try {
    return await recogniseOpen(await open(), label, settings, saying);
  } catch (error) {
    if (!(error instanceof TsalignError) || error.problem.code === 'usage') throw error;
    saying.missing(error.problem);
    return undefined;
  }
}

async function recogniseOpen(
  open: OpenSource,
  label: string,
  settings: SourceSettings,
  { now, warn }: Saying,
): Promise<SourcePlan> {
  try {
    const sample = await open.sample();
    const recognised = await recogniseSource(open, sample, settings, now);
    const { member } = open.path;
    const isMember = member !== undefined && member.prefixedBy === undefined;
    if (isMember) saySeveralLogs(label, sample, recognised.input, settings, warn);
    return {
      path: open.path.path,
      label,
      series: 0,
      mayStream: true,
      searched: false,
      open,
      taking: NOTHING_TAKEN,
      ...recognised,
    };
  } catch (error) {
    open.close();
    throw error;
  }
}
