import { normalize } from 'node:path';
import type { SourcePath } from './source-path.ts';

/** A label stands on every output line, so it must be one line of plain text whatever the file is called. */
export const onOneLine = (name: string): string =>
  name.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, (c) => {
    const code = c.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });

/** A pipe of the shell, `<(program)`: its number alone says nothing. */
const DESCRIPTOR = /^\/(?:dev|proc\/self)\/fd\/\d+$/;

/**
 * A label for each source: what was given for it (may be given to several, which makes them one series), else the
 * file's name (of the files of one rotated log: its name), else, where other files have the same name, the shortest ending of its path that none of them has.
 * Taken from paths as they were written, so that the same command in another place gives the same output.
 * @param given the label that was asked for, by index of the source
 */
export function labelSources(sources: readonly SourcePath[], given: readonly (string | undefined)[]): string[] {
  const labels: (string | undefined)[] = sources.map(
    (source, i) => given[i] ?? (source.path === '-' ? 'stdin' : undefined),
  );
  // Beside the real stdin, a file of that name is shown as what it is.
  const stdin = sources.some((source) => source.path === '-');
  const paths = sources.map(({ path, log = path }) =>
    stdin && log === 'stdin' ? ['./stdin'] : DESCRIPTOR.test(log) ? [log] : normalize(log).split('/'),
  );
  const depths = Math.max(0, ...paths.map((parts) => parts.length));
  for (let depth = 1; depth <= depths; depth++) labelAtDepth(labels, paths, depth);
  return labels.map((label, i) => onOneLine(label ?? sources[i].log ?? sources[i].path));
}

/** Labels those sources that are still without one and whose last `depth` parts of the path no other of them has. */
function labelAtDepth(labels: (string | undefined)[], paths: readonly string[][], depth: number): void {
  const waiting = labels.flatMap((label, i) => (label === undefined ? [i] : []));
  const endings = new Map<string, number[]>();
  for (const i of waiting) {
    const ending = paths[i].slice(-depth).join('/');
    const having = endings.get(ending);
    if (having === undefined) endings.set(ending, [i]);
    else having.push(i);
  }
  for (const [ending, having] of endings) {
    // The files of one log have the same path here.
    const whole = paths[having[0]].join('/');
    if (having.every((i) => paths[i].join('/') === whole)) for (const i of having) labels[i] = ending;
  }
}
