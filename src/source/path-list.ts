import { readFile } from 'node:fs/promises';
import { TsalignError } from '../core/problem.ts';
import { readError } from './errno.ts';
import { DeviceStream } from './streams.ts';

export interface ListSettings {
  /** The descriptor that `-` stands for. */
  stdin: number;
  /** What stands behind every path: '\n', or '\0' as `find -print0` and `git ls-files -z` write it. */
  separator: '\n' | '\0';
}

/**
 * The paths in a list, as they stand there: a name in it is no glob.
 * @param file path of the list, absolute; `-` is stdin
 * @throws TsalignError 'no-source' where it names nothing, 'unreadable'
 */
export async function readPathList(file: string, { stdin, separator }: ListSettings): Promise<string[]> {
  const where = '--files-from';
  const text = file === '-' ? await textOf(stdin) : await textOfFile(file);
  const paths = text.split(separator).filter((path) => path !== '');
  if (paths.length === 0) throw new TsalignError({ code: 'no-source', where, what: 'the list names no file' });
  if (separator === '\n' && text.includes('\0')) {
    throw new TsalignError({ code: 'usage', where, what: 'the list holds NUL characters', hint: 'add --null' });
  }
  if (separator === '\0' && !text.includes('\0') && text.includes('\n')) {
    throw new TsalignError({
      code: 'usage',
      where,
      what: 'the list holds no NUL characters',
      hint: 'leave out --null',
    });
  }
  if (file === '-' && paths.includes('-')) {
    throw new TsalignError({ code: 'usage', where, what: 'stdin is the list, and cannot be a source too' });
  }
  return paths;
}

/** Not readFileSync: `<(find …)` may take its time, and a signal must be heard meanwhile. */
async function textOfFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw readError(error, `--files-from: ${file}`);
  }
}

async function textOf(stdin: number): Promise<string> {
  const stream = new DeviceStream(stdin, '--files-from: stdin', () => {});
  const buffer = Buffer.alloc(65_536);
  const pieces: Buffer[] = [];
  for (;;) {
    const count = await stream.read(buffer, 0, buffer.length);
    if (count === 0) return Buffer.concat(pieces).toString('utf8');
    pieces.push(Buffer.from(buffer.subarray(0, count)));
  }
}
