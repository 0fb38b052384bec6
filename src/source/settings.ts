import { basename, normalize } from 'node:path';
import { TsalignError } from '../core/problem.ts';
import { didYouMean } from '../core/registry.ts';
import { picomatch } from './globs.ts';
import { logOf } from './rotation.ts';
import type { SourcePath } from './source-path.ts';

/**
 * What a repeated option `VALUE` (for all) or `GLOB=VALUE` says of each source, by index; undefined where nothing was
 * said. The last one that matches a source holds for it. The split is at the last `=`, because file names may hold one;
 * where that glob matches no source, at the one before it, so that `*=a=b` gives every source the value `a=b`.
 * @param option e.g. `--tz`, for messages
 * @throws TsalignError 'usage' where a glob matches no source: a setting that is silently ignored gives wrong instants
 */
export function resolveSettings(
  option: string,
  values: readonly string[],
  sources: readonly SourcePath[],
): (string | undefined)[] {
  const resolved: (string | undefined)[] = sources.map(() => undefined);
  for (const text of values) {
    const { value, indexes } = applySetting(option, text, sources);
    for (const index of indexes) resolved[index] = value;
  }
  return resolved;
}

/** What a repeated option says of one source that is not among all yet; what matches nothing is no trouble here. */
export function settingFor(values: readonly string[], source: SourcePath): string | undefined {
  return values.findLast((text) => {
    const split = text.lastIndexOf('=');
    return split < 0 || matching(text.slice(0, split), [source]).length > 0;
  });
}

function applySetting(
  option: string,
  text: string,
  sources: readonly SourcePath[],
): { value: string; indexes: number[] } {
  let split = text.lastIndexOf('=');
  if (split < 0) return { value: text, indexes: sources.map((_, i) => i) };
  for (; split >= 0; split = split === 0 ? -1 : text.lastIndexOf('=', split - 1)) {
    const indexes = matching(text.slice(0, split), sources);
    if (indexes.length > 0) return { value: text.slice(split + 1), indexes };
  }
  throw noMatch(option, text, sources);
}

/** Indexes of the sources that a glob means: `-` is stdin; without `/` it looks at file names, else at whole paths. */
function matching(glob: string, sources: readonly SourcePath[]): number[] {
  if (glob === '') return [];
  const wanted = glob.includes('/') && !glob.startsWith('/') ? normalize(glob) : glob;
  // A leading "!" is a character like any other: settings that hold for all but some are written in two steps.
  const fits = picomatch()(wanted, { dot: true, nonegate: true });
  return sources.flatMap((source, i) => {
    const names = namesFor(wanted, source);
    return names.some((name) => name === wanted || fits(name)) ? [i] : [];
  });
}

/** What --rotated found has the settings of the log that was named, too. */
function namesFor(glob: string, source: SourcePath): string[] {
  const name = nameFor(glob, source);
  if (source.origin !== 'rotated') return [name];
  return [name, nameFor(glob, { ...source, path: logOf(source.path), file: logOf(source.file) })];
}

function nameFor(glob: string, source: SourcePath): string {
  if (!glob.includes('/')) return basename(source.path);
  return glob.startsWith('/') ? source.file : normalize(source.path);
}

function noMatch(option: string, text: string, sources: readonly SourcePath[]): TsalignError {
  const glob = text.slice(0, text.lastIndexOf('='));
  const near = didYouMean(
    glob,
    sources.map(nameOf(glob)).filter((name) => name !== '-'),
  );
  const hint =
    near === undefined
      ? `to give all sources a value that holds "=", write ${option} '*=…'`
      : `did you mean "${near}"?`;
  return new TsalignError({ code: 'usage', where: option, what: `"${glob}" in "${text}" matches no source`, hint });
}

const nameOf = (glob: string) => (source: SourcePath) => nameFor(glob, source);
