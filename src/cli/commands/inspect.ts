import { type ProblemCode, TsalignError } from '../../core/problem.ts';
import type { Inspection } from '../../inspect.ts';
import { decideColor } from '../color.ts';
import { EXIT } from '../exit-codes.ts';
import { type Given, isGiven } from '../given.ts';
import type { CliIo } from '../io.ts';
import type { Invocation } from './index.ts';
import { colorChoiceOf, namesNothing, requestOf } from './merge.ts';

const ENDED_EARLY: readonly ProblemCode[] = ['truncated', 'corrupt'];

/** `tsalign inspect`. */
export async function inspect(invocation: Invocation): Promise<number | undefined> {
  const { operands, given, io, messages, progress, library } = invocation;
  if (namesNothing(invocation)) return undefined;
  const { runInspect } = await library();
  const inspection = await runInspect(requestOf(operands, given, io), {
    ...io,
    warn: messages.warn,
    progress: progress.update,
  });
  progress.erase();
  io.writeOut(isGiven(given, '--json') ? await asJson(inspection) : await asScreen(inspection, given, io));
  if (inspection.sources.length === 0) {
    throw new TsalignError({ code: 'no-source', what: 'none of the sources can be read' });
  }
  const isWhole = inspection.unread.length === 0 && !inspection.warnings.some(({ code }) => ENDED_EARLY.includes(code));
  return isWhole ? EXIT.done : EXIT.setAside;
}

async function asJson(inspection: Inspection): Promise<string> {
  const { inspectionJson } = await import('../inspect/json.ts');
  return `${JSON.stringify(inspectionJson(inspection), null, 2)}\n`;
}

async function asScreen(inspection: Inspection, given: Given, io: CliIo): Promise<string> {
  const { blockDrawing, drawLanes, plainDrawing } = await import('../inspect/lanes.ts');
  const { describeSources } = await import('../inspect/details.ts');
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: decideColor(colorChoiceOf(given), io.env, io.stdoutIsTerminal) });
  const draw = io.stdoutIsTerminal && showsUnicode(io.env) ? blockDrawing : plainDrawing;
  const drawing = draw(io.columns(), { bold: chalk.bold, dim: chalk.dim, alarm: chalk.red });
  return `${[...describeSources(inspection, drawing), ...drawLanes(inspection, drawing)].join('\n')}\n`;
}

/** Whether the locale of the terminal says UTF-8, in the order in which POSIX looks at its variables. */
const showsUnicode = (env: CliIo['env']): boolean => /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
