/** How a program marks the lines of the many logs that it writes as one. */
export interface LinePrefix {
  /** Whose lines they are, for --explain. */
  program: string;
  /** How it is told to write timestamps. */
  timestamps: string;
  /** Matches a prefix at the beginning of a line; `name` is the log that the line is of. */
  pattern: RegExp;
  /**
   * Whether such names are what they look like: a word before a bar may be anything.
   * @param aligned whether the bars stand below one another
   */
  areNames(names: readonly string[], aligned: boolean): boolean;
  /** Matches lines that the program writes among those of the logs. */
  own?: RegExp;
}

/** Colours, which some programs write into files, too. */
const COLOR = String.raw`(?:\x1b\[[\d;]*m)*`;

/** What ends the colour of a prefix; the colours behind it are those of the log. */
const RESET = String.raw`(?:\x1b\[0?m)?`;

/** Colours, and what clears the line or moves to its begin (ECMA-48), as where the progress of containers was shown. */
const CONTROLS = String.raw`(?:\r|\x1b\[[\d;]*[A-Za-z])*`;

/** A blank, or the end of the line. */
const BEHIND = String.raw`(?: |(?=[\r\n]|$))`;

/** What Kubernetes makes random names of: no vowels, and nothing that looks like another character. */
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]';

const isNumbered = (name: string): boolean => /[A-Za-z][-_]\d{1,4}$/.test(name);

const LINE_PREFIXES: readonly LinePrefix[] = [
  {
    program: 'docker compose',
    timestamps: 'docker compose logs --timestamps',
    pattern: new RegExp(
      `^${CONTROLS}(?<name>[A-Za-z0-9][\\w.-]*?[-_]\\d{1,4}|[A-Za-z0-9][\\w.-]*) +\\|${RESET}${BEHIND}${RESET}`,
    ),
    // A container has a number, unless its name was given; a log level has none.
    areNames: (names, aligned) => names.every(isNumbered) || (aligned && names.some(isNumbered)),
    own: /^(?:Attaching to | *(?:Container|Network|Volume) \S+ |\S+ exited with code \d|(?:Gracefully stopping|Aborting on container exit))/,
  },
  {
    program: 'docker service',
    timestamps: 'docker service logs --timestamps',
    pattern: new RegExp(`^(?<name>[\\w.-]+\\.\\d+\\.[a-z0-9]{12,25}@[\\w.-]+) +\\|${BEHIND}`),
    areNames: () => true,
  },
  {
    program: 'kubectl',
    timestamps: 'kubectl logs --timestamps',
    pattern: /^\[pod\/(?<name>[a-z0-9.-]+\/[a-z0-9.-]+)\] ?/,
    areNames: () => true,
  },
  {
    program: 'stern',
    timestamps: 'stern --timestamps',
    pattern: new RegExp(
      `^${COLOR}(?<name>[a-z0-9.-]+-${RANDOM}{6,10}-${RANDOM}{5}${COLOR} ${COLOR}[a-z0-9][a-z0-9-]*)${COLOR}${BEHIND}`,
    ),
    areNames: () => true,
  },
];

const ALL_CONTROLS = new RegExp(CONTROLS, 'g');

/** The share of lines that must have a prefix; two may always be without (`Attaching to …`), as long as most have one. */
const PREFIXED = 0.95;
const STRAYS = 2;

/** The longest line beginning that is looked at for a prefix: names of pods and containers have up to 253 and 63 letters. */
export const LONGEST_PREFIX = 400;

const LF = 10;

/** By which prefixes the lines that begin a source are told apart, if they are. */
export function linePrefixOf(head: Uint8Array): LinePrefix | undefined {
  const lines = firstLines(head);
  if (lines.length < 2) return undefined;
  return LINE_PREFIXES.find(({ pattern, areNames, own }) => {
    const found = prefixesOf(lines, pattern, own);
    if (found === undefined) return false;
    const names = new Set(found.map((match) => match.groups?.name as string));
    return areNames([...names], isAligned(found));
  });
}

/** The prefixes of the lines; undefined where too many have none, which mostly shows at once. */
function prefixesOf(lines: readonly string[], pattern: RegExp, own?: RegExp): RegExpExecArray[] | undefined {
  const few = lines.length * (1 - PREFIXED);
  const found: RegExpExecArray[] = [];
  let strays = 0;
  for (const line of lines) {
    const match = pattern.exec(line.slice(0, LONGEST_PREFIX));
    if (match !== null) found.push(match);
    else if (own?.test(line)) continue;
    else if (++strays > Math.max(few, STRAYS)) return undefined;
  }
  return strays > few && strays >= found.length ? undefined : found;
}

/** Whether bars stand below one another. */
function isAligned(found: readonly RegExpExecArray[]): boolean {
  const columns = new Map<number, number>();
  for (const [prefix] of found) {
    const column = prefix.replace(ALL_CONTROLS, '').indexOf('|');
    columns.set(column, (columns.get(column) ?? 0) + 1);
  }
  return Math.max(...columns.values()) >= found.length * PREFIXED;
}

/** The whole lines that are not blank; one whose end is not there may lack a part of its prefix. */
function firstLines(head: Uint8Array): string[] {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  return bytes
    .toString('latin1', 0, Math.max(0, bytes.lastIndexOf(LF)))
    .split('\n')
    .filter((line) => line !== '' && !/^\r+$/.test(line));
}
