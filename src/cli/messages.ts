import { type Problem, sentence, TsalignError } from '../core/problem.ts';
import { BLANK, wrapIndented } from './wrap.ts';

/** `note` is what never changes the exit code. */
export type Severity = 'error' | 'warning' | 'note';

export interface MessageSettings {
  /** One JSON object a line instead of sentences. */
  json: boolean;
  /** Errors only, as journalctl -q does: exit code and --report still tell of the rest. */
  quiet: boolean;
  /** A warning ends the run. */
  strict: boolean;
  /** The width of the terminal that shows them; undefined where none does, and a message stays one line. */
  columns: number | undefined;
  /** Colours the program's name; the text itself where no colour is wanted. */
  paint: (text: string, severity: Severity) => string;
}

export const PLAIN_MESSAGES: MessageSettings = {
  json: false,
  quiet: false,
  strict: false,
  columns: undefined,
  paint: (text) => text,
};

export interface Messages {
  /** Prints what ended the run. */
  error(problem: Problem): void;
  /** Prints what did not. @throws TsalignError of the same problem under --strict, unless it is a note */
  warn(problem: Problem): void;
  /** Says how many doubts were not printed, since many like them were. */
  finish(): void;
  /** Whether --strict met a warning: the run has failed, even where somebody caught what `warn` threw. */
  readonly failed: boolean;
}

/**
 * Prints problems to stderr, a line each.
 * @param write writes text to stderr, after taking the progress line away
 */
export function createMessages(write: (text: string) => void, settings: MessageSettings): Messages {
  const print = (problem: Problem, severity: Severity) => {
    write(settings.json ? jsonLine(problem, severity) : textLine(problem, severity, settings));
  };
  let failed = false;
  const doubts = new Doubts();
  return {
    error: (problem) => print(problem, 'error'),
    warn(problem) {
      if (settings.strict && problem.code !== 'note') {
        failed = true;
        throw new TsalignError(problem);
      }
      if (settings.quiet || (!settings.json && doubts.isOneOfMany(problem))) return;
      print(problem, problem.code === 'note' ? 'note' : 'warning');
    },
    finish() {
      for (const problem of doubts.unsaid()) print(problem, 'warning');
    },
    get failed() {
      return failed;
    },
  };
}

/** Sources of which the same is said before the others are only counted: a folder of a thousand syslogs has one doubt, not a thousand. */
const SAID_OF = 3;

/** Doubts of many sources that one option settles. */
class Doubts {
  private readonly sources = new Map<string, { like: string; count: number }>();

  /** Counts a doubt. @returns whether enough like it were said */
  isOneOfMany({ code, where, hint }: Problem): boolean {
    if (code !== 'ambiguous' || where === undefined || hint === undefined) return false;
    const doubt = this.sources.get(hint) ?? { like: where, count: 0 };
    doubt.count++;
    this.sources.set(hint, doubt);
    return doubt.count > SAID_OF;
  }

  unsaid(): Problem[] {
    return [...this.sources]
      .filter(([, { count }]) => count > SAID_OF)
      .map(([hint, { like, count }]) => {
        const others = count - SAID_OF;
        const where = `${others} more source${others === 1 ? '' : 's'}`;
        return { code: 'ambiguous', where, what: `in doubt as ${like} is, and listed by --report FILE`, hint };
      });
  }
}

function textLine(problem: Problem, severity: Severity, settings: MessageSettings): string {
  const line = `${NAME} ${visible(sentence(problem))}`;
  const text = settings.columns === undefined ? line : wrapIndented(line, settings.columns, BLANK);
  return `${settings.paint(NAME, severity)}${text.slice(NAME.length)}\n`;
}

const NAME = 'tsalign:';

/** {severity, code, message, source, line, hint}; source and line are null where the place is an option or unknown. */
function jsonLine(problem: Problem, severity: Severity): string {
  const { code, where = null, what, hint = null } = problem;
  const isOption = where !== null && /^-./.test(where);
  const [, source = null, line = null] = isOption || where === null ? [] : (/^(.*?)(?::(\d+))?$/s.exec(where) ?? []);
  const message = isOption ? `${where}: ${what}` : what;
  return `${JSON.stringify({ severity, code, message, source, line: line === null ? null : Number(line), hint })}\n`;
}

/** C0 and C1 control characters, and those that turn the direction of text. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Shows characters of file names and log text that would move the cursor, colour the terminal or fake a second message. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
