/**
 * Bundles src/ into dist/: the library (dist/index.js), the command (dist/cli/index.js) and the chunks that they share or
 * import when they need them. A run loads a handful of files where there were 110, and nothing that it does not use.
 */
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('.', import.meta.url));

/**
 * What bundled packages load and we do not use, by who asks for it: commander's way to run commands that are programs of
 * their own (5 ms), and chalk's guess of what a terminal can do, which is ours (3 ms).
 */
const UNUSED = [
  { path: 'node:child_process', importer: 'commander', contents: 'module.exports = {};' },
  { path: '#supports-color', importer: 'chalk', contents: 'export default { stdout: false, stderr: false };' },
];

const leaveOutUnused = {
  name: 'leave out unused',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:child_process|#supports-color)$/ }, (asked) => {
      const row = UNUSED.find(({ path, importer }) => asked.path === path && asked.importer.includes(importer));
      return row && { path: row.path, namespace: 'unused' };
    });
    onLoad({ filter: /./, namespace: 'unused' }, ({ path }) => {
      const { contents } = UNUSED.find((row) => row.path === path);
      return { contents };
    });
  },
};

/** Every command line needs these two; a package's own many files take three times as long to load as a bundle. */
const BUNDLED = ['commander', 'chalk'];

const description = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });
await build({
  absWorkingDir: ROOT,
  entryPoints: ['src/index.ts', 'src/cli/index.ts'],
  outdir: 'dist',
  // All chunks lie one folder deep, like the folders of src/, so that `../` in a URL means the same here and there.
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: Object.keys(description.dependencies).filter((name) => !BUNDLED.includes(name)),
  // commander is CommonJS, which asks for node's own modules by `require`.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  plugins: [leaveOutUnused],
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  minifyWhitespace: true,
  minifySyntax: true,
});
