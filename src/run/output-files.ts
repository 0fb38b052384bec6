import { TsalignError } from '../core/problem.ts';
import type { Sink } from '../core/stages.ts';
import {
  type AppendSink,
  appendSink,
  type CompressingSink,
  commonHeader,
  compressingSink,
  fileSink,
  isTabular,
  unionOfColumns,
  type WriterSettings,
} from '../output/index.ts';
import type { Plan } from '../plan.ts';
import type { AppendedState } from '../state/index.ts';
import type { Run } from './run.ts';

/** The files of a run: each appears complete or not at all, or, with a state, grows from run to run. */
export interface OutputFiles {
  /** @param compression of the file; undefined: none */
  open(option: string, file: string, compression: string | undefined): Sink;
  /** Whether records stand in it already. */
  continues(option: string): boolean;
  /** Key words of the latest record in it. */
  lastIn(option: string): AppendedState['last'];
  settle(): Record<string, AppendedState>;
}

/** What was written is known only to the file that is gone. */
export const NEW_ONLY =
  'begun anew, with what came since the last run (all of it: remove the state file, and run again)';

export function openFiles({ io }: Run, { kept }: Plan): OutputFiles {
  const files = new Map<string, AppendSink>();
  const compressing: CompressingSink[] = [];
  const before = kept?.document.outputs ?? {};
  const continues = (option: string): boolean => files.get(option)?.isEmpty === false;
  const lastIn = (option: string) => (continues(option) ? before[option]?.last : undefined);
  const openPlain = (option: string, file: string): Sink => {
    if (kept === undefined) return fileSink(file);
    const valid = before[option];
    const sink = appendSink(file, valid);
    if (sink.isEmpty && valid !== undefined && valid.length > 0)
      io.warn({ code: 'note', where: file, what: 'is not there any more', hint: NEW_ONLY });
    files.set(option, sink);
    return sink;
  };
  return {
    open(option, file, compression) {
      if (compression === undefined) return openPlain(option, file);
      const sink = compressingSink(() => openPlain(option, file), compression, file);
      compressing.push(sink);
      return sink;
    },
    continues,
    lastIn,
    settle() {
      for (const sink of compressing) sink.flush();
      const settled = [...files].map(([option, sink]) => [option, { ...sink.settle(), last: lastIn(option) }] as const);
      return { ...before, ...Object.fromEntries(settled) };
    },
  };
}

/**
 * What stands above the records of a format: names of columns, or a header that is true for all records below it.
 * @throws TsalignError 'state' where that would not be true of the header that a state has fixed
 */
export function headerOf(format: string, settings: WriterSettings, plan: Plan): string[] {
  const fixed = plan.kept?.document.header;
  if (isTabular(format)) return unionOfColumns(settings, plan.sources);
  if (format !== 'raw') return [];
  if (fixed === undefined) return [commonHeader(plan.sources)].filter((header) => header !== undefined);
  const other = plan.sources.find((source) => fixed.length > 0 && commonHeader([source]) !== fixed[0]);
  if (other === undefined) return fixed;
  throw new TsalignError({
    code: 'state',
    where: other.label,
    what: `has not the header "${fixed[0]}", which the output began with`,
    hint: 'choose an output format that names the fields of each record, such as -O ndjson, with a state of its own',
  });
}
