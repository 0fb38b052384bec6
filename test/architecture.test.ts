import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The table of src/README.md: what a folder may import besides itself. `library` is every file that lies in src/ itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  kernel: ['core'],
  source: ['core'],
  input: ['core', 'kernel'],
  time: ['core', 'kernel'],
  sort: ['core', 'kernel'],
  select: ['core', 'kernel'],
  output: ['core', 'kernel'],
  state: ['core'],
  plan: ['core', 'source', 'input', 'time', 'output', 'state', 'library'],
  run: ['core', 'kernel', 'source', 'input', 'time', 'sort', 'select', 'output', 'state', 'plan', 'library'],
  live: ['core', 'kernel', 'source', 'time', 'sort', 'select', 'state', 'plan', 'run', 'library'],
  inspect: ['core', 'kernel', 'time', 'sort', 'select', 'plan', 'run', 'library'],
  formats: ['core', 'input', 'time', 'plan', 'library'],
  library: [
    'core',
    'source',
    'input',
    'time',
    'sort',
    'select',
    'output',
    'state',
    'plan',
    'run',
    'live',
    'inspect',
    'formats',
    'api',
  ],
  api: ['core', 'library'],
  cli: ['core', 'library'],
};

/** Where a package may be imported: folders or files below src/. A package that is not here may be imported nowhere. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  commander: ['cli/'],
  chalk: ['cli/', 'output/palette.ts'],
  luxon: ['time/'],
  'windows-iana': ['time/windows-zones.ts'],
  yaml: ['time/formats-file.ts'],
  'csv-parse': ['input/', 'select/', 'output/'],
  ndjson: ['api/'],
  picomatch: ['source/'],
  'iconv-lite': ['source/encoding.ts'],
  zstddec: ['source/codec/zstd.ts'],
  'xz-decompress': ['source/codec/xz.ts'],
  'xxhash-wasm': ['source/codec/lz4.ts'],
  yauzl: ['source/zip.ts'],
  tinyglobby: ['source/'],
};

const MAXIMUM_LINES = 300;
/** Data, which only grows. */
const LONG_FILES = ['time/formats.ts'];

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => path.split(sep).join('/'));

const read = (file: string): string => readFileSync(join(SRC, file), 'utf8');

/** Imports of every kind: static, re-exported, dynamic, of types, and by the function `load` that createRequire gave. */
const importsOf = (file: string): string[] => [
  ...ts.preProcessFile(read(file)).importedFiles.map(({ fileName }) => fileName),
  ...[...read(file).matchAll(/\bload\('([^']+)'\)/g)].map(([, name]) => name),
];

/** Files below src/ without which this one cannot be loaded, or its types not be understood. */
const staticImportsOf = (file: string): string[] =>
  [...read(file).matchAll(/^(?:import|export) [^;]*? from '(\.[^']+)';$/gm)].map(([, name]) =>
    normalize(join(dirname(file), name))
      .split(sep)
      .join('/'),
  );

const roomOf = (file: string): string => (file.includes('/') ? file.split('/')[0] : 'library');

const IMPORTS = FILES.flatMap((file) => importsOf(file).map((name) => ({ file, name })));

const describeImport = ({ file, name }: { file: string; name: string }) => `${file} imports ${name}`;

test('there is something to look at', () => {
  assert.ok(FILES.includes('core/memory.ts'));
  assert.ok(IMPORTS.some(({ file, name }) => file === 'cli/command-line.ts' && name === '../engine.ts'));
});

test('every folder is a room of the table, and none is called utils', () => {
  assert.deepEqual(
    [...new Set(FILES.map(roomOf))].filter((room) => !(room in ROOMS)),
    [],
  );
  assert.deepEqual(
    FILES.filter((file) => /(^|\/)(utils?|helpers?|common)(\/|\.ts$)/.test(file)),
    [],
  );
});

test('a room imports only the rooms it may', () => {
  const wrong = IMPORTS.filter(({ file, name }) => {
    if (!name.startsWith('.')) return false;
    const from = roomOf(file);
    const to = roomOf(
      normalize(join(dirname(file), name))
        .split(sep)
        .join('/'),
    );
    return from !== to && !ROOMS[from]?.includes(to);
  });
  assert.deepEqual(wrong.map(describeImport), []);
});

test('no files import each other in a circle, be it types alone', () => {
  const files = new Map(FILES.map((file) => [file, staticImportsOf(file)]));
  const isInCircle = (file: string): boolean =>
    (files.get(file) ?? []).some((name) => files.has(name)) &&
    [...files.values()].some((names) => names.includes(file));
  // What imports nothing that is left, or is imported by nothing that is left, is in no circle.
  for (let left = files.size + 1; files.size < left; ) {
    left = files.size;
    for (const file of [...files.keys()]) if (!isInCircle(file)) files.delete(file);
  }
  assert.deepEqual([...files.keys()], []);
});

test('a package is imported only where it may be', () => {
  const wrong = IMPORTS.filter(({ file, name }) => {
    if (name.startsWith('.') || name.startsWith('node:')) return false;
    const packageName = name.split('/')[0];
    return !PACKAGES[packageName]?.some((place) => file.startsWith(place));
  });
  assert.deepEqual(wrong.map(describeImport), []);
});

test('what is heavy is never imported at the start', () => {
  const heavy = ['luxon', 'windows-iana', 'yaml', 'csv-parse', 'ndjson', 'picomatch', 'tinyglobby'];
  const early = FILES.flatMap((file) =>
    [...read(file).matchAll(/^(?:import(?! type)|export) .*?from '([^']+)';$/gms)]
      .filter(([, name]) => heavy.some((each) => name === each || name?.startsWith(`${each}/`)))
      .map(([, name]) => `${file} imports ${name}`),
  );
  assert.deepEqual(early, []);
});

test('calls of the file system go through core/disk.ts, where tests can stop them', () => {
  // Recognising and reading sources changes nothing; messages go to descriptors; proc(5) tells of processes.
  const exempt = ['core/disk.ts', 'cli/io.ts', 'cli/main.ts', 'cli/stdin.ts', 'state/lock.ts'];
  const wrong = IMPORTS.filter(
    ({ file, name }) => name.startsWith('node:fs') && !file.startsWith('source/') && !exempt.includes(file),
  );
  assert.deepEqual(wrong.map(describeImport), []);
});

test('files stay below 300 lines', () => {
  const long = FILES.filter((file) => !LONG_FILES.includes(file) && read(file).split('\n').length > MAXIMUM_LINES);
  assert.deepEqual(long, []);
});

test('only the entry script touches the process', () => {
  const touching = FILES.filter((file) =>
    /\bprocess\.(stdin|stdout|stderr|exit|argv|on|env|cwd)\b/.test(withoutComments(file)),
  );
  // The library's callers have no entry script: their working folder is where paths begin.
  assert.deepEqual(touching, ['api/options.ts']);
});

test('the kernel names no log format', () => {
  const names = /\b(syslog|ndjson|apache|nginx|rfc\s?\d+)\b/i;
  assert.deepEqual(
    FILES.filter((file) => roomOf(file) === 'kernel' && names.test(withoutComments(file))),
    [],
  );
});

function withoutComments(file: string): string {
  return read(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '');
}
