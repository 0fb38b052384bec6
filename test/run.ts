import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { globSync } from 'tinyglobby';

/** Runs the named test files, or all: Node 20 does not expand globs for --test by itself. What begins with - is for node. */
const words = process.argv.slice(2);
const options = words.filter((word) => word.startsWith('-'));
const named = words.filter((word) => !word.startsWith('-'));
const files = named.length > 0 ? named : globSync('test/**/*.test.ts').sort();
// Node leaves one processor idle, which of two is half.
const atOnce = `--test-concurrency=${availableParallelism()}`;
const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--test', atOnce, ...options, ...files], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
