import { readFileSync } from 'node:fs';
import type { Library } from './commands/index.ts';
import { EXIT } from './exit-codes.ts';
import type { CliIo } from './io.ts';

/**
 * Runs one command line and returns its exit code. What reads command lines is imported behind the answer to
 * `--version`, and what merges behind that, so that each waits for no more than it needs.
 * @param argv the words behind the program's name
 * @param library what commands call; the real one if left out
 */
export async function main(argv: readonly string[], io: CliIo, library?: Library): Promise<number> {
  if (VERSION.includes(argv[0] ?? '')) {
    io.writeOut(argv.includes('--verbose') ? verboseVersion() : `${version()}\n`);
    return EXIT.done;
  }
  const { runCommandLine } = await import('./command-line.ts');
  return await runCommandLine(argv, io, library);
}

/** As people ask for it: node says -v, rg and curl -V. */
const VERSION = ['--version', '-V', '-v', 'version'];

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** What the version runs on: zones are those of Node's tz data, so two machines may differ by it. */
function verboseVersion(): string {
  const { node, tz = 'unknown', icu = 'none', v8 } = process.versions;
  return `tsalign ${version()}\nNode ${node}, V8 ${v8}\ntz data ${tz}, ICU ${icu}\n${process.platform} ${process.arch}\n`;
}
