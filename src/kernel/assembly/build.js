// Compiles the kernel to WebAssembly and writes it as a module of TypeScript: it is found alike by the built program, by
// the tests, which run the sources, and by whatever bundles them.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const kernel = dirname(folder);
const target = join(kernel, 'binary.ts');

const OPTIONS = [
  '-O3',
  '--converge',
  '--noAssert',
  '--uncheckedBehavior=always',
  '--runtime=stub',
  '--importMemory',
  '--enable=simd',
  '--use=abort=',
];

function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

async function compile() {
  const { main } = await import('assemblyscript/asc');
  let binary;
  const { error, stderr } = await main([join('assembly', 'index.ts'), '--outFile=kernel.wasm', ...OPTIONS], {
    readFile: (name, base) => readOrNothing(join(kernel, base, name)) || null,
    listFiles: () => [],
    writeFile(_, contents) {
      binary = contents;
    },
  });
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return binary;
}

const sources = readdirSync(folder).map((name) => join(folder, name));
const hash = createHash('sha256');
for (const source of [join(kernel, 'layout.ts'), ...sources]) hash.update(readFileSync(source));
const head = `// Made by assembly/build.js from sources with the hash ${hash.digest('hex')}\n`;
if (!readOrNothing(target).startsWith(head)) {
  const text = Buffer.from(await compile()).toString('base64');
  writeFileSync(target, `${head}export const BINARY =\n  '${text}';\n`);
}
