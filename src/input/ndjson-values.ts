import { resolveEscapes } from '../kernel/json-escapes.ts';
import { ABSENT, ESCAPED, JsonScanner, NUMBER } from '../kernel/json-scan.ts';

/** A way from the top of an object down to a value; '0' is also the first element of an array. */
export type Path = readonly string[];

export const nameOf = (path: Path): string => path.join('.');

/** The last name of a path that is no place in an array. */
export const lastOf = (path: Path): string => path.findLast((name) => name !== '0') as string;

/** The values at a path as the framer will see them, and whether most of them are numbers. */
export function valuesAt(lines: readonly Uint8Array[], path: Path): { texts: Uint8Array[]; numbers: boolean } {
  const scanner = new JsonScanner(path);
  const texts: Uint8Array[] = [];
  let numbers = 0;
  for (const line of lines) {
    if (!scanner.scan(line, 0, line.length) || scanner.kind === ABSENT) continue;
    if (scanner.kind === NUMBER) numbers++;
    texts.push(valueText(line, scanner));
  }
  return { texts, numbers: numbers * 2 > texts.length };
}

function valueText(line: Uint8Array, { kind, valueStart, valueEnd }: JsonScanner): Uint8Array {
  if (kind !== ESCAPED) return line.subarray(valueStart, valueEnd);
  const target = new Uint8Array(valueEnd - valueStart);
  return target.subarray(0, resolveEscapes(line, valueStart, valueEnd, target));
}

/** The values at these paths of a line with blanks between them, undefined where one is missing. */
export function joinedAt(line: Uint8Array, paths: readonly Path[]): Uint8Array | undefined {
  const parts = paths.map((path) => valuesAt([line], path).texts[0]);
  if (parts.some((part) => part === undefined)) return undefined;
  const texts = parts.map((part) => Buffer.from(part).toString('latin1'));
  return new Uint8Array(Buffer.from(texts.join(' '), 'latin1'));
}

/** Whether a path goes through an array. */
export const isInArray = (path: Path): boolean => path.includes('0');
