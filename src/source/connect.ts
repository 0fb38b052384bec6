import { closeSync, constants, fstatSync, open as openCallback, openSync, type Stats, statSync } from 'node:fs';
import { TsalignError } from '../core/problem.ts';
import type { ByteStream } from '../core/stages.ts';
import { readError } from './errno.ts';
import type { PipeGroup } from './pipes.ts';
import type { SourcePath } from './source-path.ts';
import { DeviceStream } from './streams.ts';

const openAsync = (file: string): Promise<number> =>
  new Promise((resolve, reject) => {
    openCallback(file, 'r', (error, descriptor) => (error === null ? resolve(descriptor) : reject(error)));
  });

/** Makes the group where a pipe needs one: sockets take 8 ms to load, which a merge of files does not need. */
export type FindGroup = () => Promise<PipeGroup>;

/** The one group of several pipes. @param tempDir for what one of them gives while another one is waited for */
export function groupIn(tempDir: string): FindGroup {
  let group: Promise<PipeGroup> | undefined;
  return () => (group ??= import('./pipes.ts').then(({ PipeGroup }) => new PipeGroup(tempDir)));
}

export interface ConnectSettings {
  /** The descriptor that `-` stands for. */
  stdin: number;
  /** For what one pipe gives while another one is waited for. */
  tempDir: string;
}

/**
 * Opens all sources that can be read only once, before any of them is waited for: a program that opens several FIFOs for
 * writing goes on only when each of them has its reader. What cannot be opened is left out; opening it alone says why.
 */
export async function connectPipes(
  paths: readonly SourcePath[],
  settings: ConnectSettings,
): Promise<Map<SourcePath, ByteStream>> {
  const group = groupIn(settings.tempDir);
  const pipes = new Map<SourcePath, ByteStream>();
  for (const path of paths) {
    try {
      const pipe = await connectPipe(path, settings.stdin, group);
      if (pipe !== undefined) pipes.set(path, pipe);
    } catch (error) {
      if (!(error instanceof TsalignError)) throw error;
    }
  }
  return pipes;
}

/**
 * Opens one source that can be read only once; undefined where it is a plain file or a folder.
 * @throws TsalignError 'no-source', 'unreadable'
 */
export async function connectPipe(path: SourcePath, stdin: number, group: FindGroup): Promise<ByteStream | undefined> {
  const isStdin = path.origin === 'stdin';
  const shown = isStdin ? 'stdin' : path.path;
  try {
    const stat = isStdin ? fstatSync(stdin) : statSync(path.file);
    if (stat.isFile() || stat.isDirectory()) return undefined;
    if (!stat.isFIFO() && !stat.isSocket()) return await openDevice(path, stdin, shown);
    const { descriptor, isOurs } = isStdin ? { descriptor: stdin, isOurs: false } : openFifo(path.file, stat);
    const { Pipe } = await import('./pipes.ts');
    return new Pipe(descriptor, await group(), shown, isOurs);
  } catch (error) {
    throw readError(error, shown);
  }
}

/** An inherited descriptor, as `<(program)` and `3< <(program)` name it. */
const INHERITED = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/;

/** Not to wait for the writer here: it may be waiting for us to open another one. */
function openFifo(file: string, stat: Stats): { descriptor: number; isOurs: boolean } {
  try {
    return { descriptor: openSync(file, constants.O_RDONLY | constants.O_NONBLOCK), isOurs: true };
  } catch (error) {
    // A socket cannot be opened by its name in /dev/fd, nor can the pipe of another user (sudo); we have it open already.
    const number = INHERITED.exec(file === '/dev/stdin' ? '/dev/fd/0' : file)?.[1];
    if (number === undefined || !isSame(Number(number), stat)) throw error;
    return { descriptor: Number(number), isOurs: false };
  }
}

function isSame(descriptor: number, { dev, ino }: Stats): boolean {
  const stat = fstatSync(descriptor);
  return stat.dev === dev && stat.ino === ino;
}

/** A terminal, /dev/null and the like. Not openSync: some wait. */
async function openDevice(path: SourcePath, stdin: number, shown: string): Promise<ByteStream> {
  if (path.origin === 'stdin') return new DeviceStream(stdin, shown, () => {});
  const descriptor = await openAsync(path.file);
  return new DeviceStream(descriptor, shown, () => closeSync(descriptor));
}
