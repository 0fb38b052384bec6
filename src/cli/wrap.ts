/** Units that stay with their numbers, and those of a length of time, of which the next one follows: `13 d 12 h`. */
const UNIT = '(?:d|h|min|s|ms|µs|ns|%|B|[KMGT]iB)';
const LARGER = '\\d (?:d|h|min)';

/** Where a sentence may be broken: not between a number and its unit, nor between an option and its value. */
export const BLANK = new RegExp(
  `(?<!(?:^|[ '(])--?[A-Za-z-]+) (?!${UNIT}(?![A-Za-z]))(?!(?<=${LARGER} )\\d+ (?:h|min|s)(?![A-Za-z]))`,
);

/** Lines of at most `width` characters; a longer word has a line of its own. */
export function wrap(text: string, width: number, between: string | RegExp = ' '): string[] {
  const wrapped: string[] = [];
  for (const word of text.split(between)) {
    const last = wrapped.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) wrapped.push(word);
    else wrapped[wrapped.length - 1] = `${last} ${word}`;
  }
  return wrapped;
}

/** The same of lines that are indented: what is wrapped stands two further to the right. */
export function wrapIndented(text: string, width: number, between?: RegExp): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const indent = /^ */.exec(line)?.[0] ?? '';
      const [first = '', ...rest] = wrap(line.slice(indent.length), width - indent.length - 2, between);
      return [`${indent}${first}`, ...rest.map((more) => `${indent}  ${more}`)];
    })
    .join('\n');
}
