import { basename, dirname } from 'node:path';
import { statSync } from '../core/disk.ts';
import { type FileIdentity, fileIdentity, identityKey, isSameFile } from '../core/file-identity.ts';
import { TsalignError } from '../core/problem.ts';
import { fileOf } from '../plan/file-found.ts';
import type { Joining } from '../plan/joining.ts';
import type { EmptyFile } from '../plan.ts';
import type { MergeRequest, RunIo } from '../request.ts';
import {
  connectPipe,
  expandSources,
  FileTail,
  groupIn,
  type OpenSource,
  rotatedName,
  type SourcePath,
  StreamTail,
} from '../source/index.ts';
import { type Identity, identify, indexSources, type SourceState } from '../state/index.ts';
import { type Followed, newFollowed, newPart, readEntryOf } from './followed.ts';
import type { Ledger } from './ledger.ts';
import { sinceEmpty } from './successors.ts';

/** What rotation makes beside a log grows while it is copied: it is judged when it was still for so long. */
const STILL_NANOS = 1_000_000_000n;

/** The sources that are followed, and how new ones come among them. */
export class Sources {
  readonly all: Followed[] = [];
  readonly #request: MergeRequest;
  readonly #io: RunIo;
  readonly #joining: Joining;
  readonly #ledger: Ledger;
  readonly #isOutput: ((real: string) => boolean) | undefined;
  readonly #byFile = new Map<string, Followed>();
  /** What was found under a path and is not followed: device and inode. */
  readonly #passedOver = new Map<string, string>();

  constructor(
    request: MergeRequest,
    io: RunIo,
    joining: Joining,
    { ledger, isOutput }: { ledger: Ledger; isOutput: ((real: string) => boolean) | undefined },
  ) {
    this.#request = request;
    this.#io = io;
    this.#joining = joining;
    this.#ledger = ledger;
    this.#isOutput = isOutput;
  }

  /** Whether files may come that are no sources yet. */
  get mayGrow(): boolean {
    const pipes = new Set(this.all.filter(({ isPipe }) => isPipe).map(({ path }) => path.path));
    return this.#request.sources.some((name) => !pipes.has(name));
  }

  /** The source of that path. */
  at(file: string): Followed | undefined {
    return this.#byFile.get(file);
  }

  /** A source is followed from now on. */
  enter(followed: Followed): void {
    const { file } = followed.path;
    this.all.push(followed);
    if (!this.#byFile.has(file)) this.#byFile.set(file, followed);
  }

  isRead(identity: FileIdentity): boolean {
    return this.all.some(({ parts }) =>
      parts.some(({ tail }) => tail instanceof FileTail && isSameFile(tail.identity, identity)),
    );
  }

  /** Follows what comes through a pipe. */
  async addPipe(path: SourcePath, wake: (followed: Followed) => void): Promise<void> {
    const stream =
      path.origin === 'stream'
        ? this.#io.streams?.get(path.path)
        : await connectPipe(path, this.#io.stdin, groupIn(''));
    if (stream === undefined) return;
    const followed = await this.add(path);
    followed.isPipe = true;
    const tail = new StreamTail(stream, () => wake(followed));
    followed.parts.push(newPart(tail, path.file, -1));
  }

  /** Follows a path of which nothing is known yet. */
  async add(path: SourcePath): Promise<Followed> {
    const taken = new Set(this.all.map(({ label }) => label));
    const before = this.#ledger.files.findLast((file) => file.path === path.path || file.file === path.file);
    const followed = newFollowed(path, before?.label ?? (await this.#joining.labelOf(path, taken)));
    this.enter(followed);
    return followed;
  }

  /** Follows a file in which nothing stands yet, whatever it is called by now. */
  async addEmpty({ entry, open }: EmptyFile): Promise<Followed> {
    const { file, path, id } = entry;
    const followed = await this.add({ file, path, origin: 'named' });
    const tail = open.text?.follow?.(0);
    if (tail === undefined) return followed;
    tail.look();
    // Where it was written to since it was opened, it has changed, and copies are looked for.
    const asItWas = tail.stored.modified === entry.modified ? tail : tail.again();
    followed.parts.push({ ...newPart(asItWas, file, id), cutAfter: sinceEmpty(entry) });
    return followed;
  }

  /** Looks for files that the arguments name by now. Returns those that are new. */
  async discover(): Promise<Followed[]> {
    const { recursive, rotated, sources } = this.#request;
    const { cwd, stdin, streams } = this.#io;
    const settings = { recursive, rotated, cwd, stdin, streams, isOutput: this.#isOutput, listed: [] };
    const found = expandSources(sources, { ...settings, warn: () => {}, missing: () => {} });
    const added: Followed[] = [];
    for (const path of found) {
      if (path.origin === 'stdin' || path.origin === 'stream' || this.at(path.file) !== undefined) continue;
      if (await this.#isNew(path)) added.push(await this.add(path));
    }
    return added;
  }

  /** The files that are followed, and those that are over. */
  get known(): SourceState[] {
    const now = this.all.flatMap((followed) =>
      followed.parts.filter(({ tail }) => tail instanceof FileTail).map((part) => readEntryOf(part, followed)),
    );
    return [...this.#ledger.files, ...now];
  }

  /** Folders in which something may change. */
  get folders(): string[] {
    return this.all.filter((each) => each.path.file !== '-').map(({ path }) => dirname(path.file));
  }

  async #isNew(path: SourcePath): Promise<boolean> {
    const stat = statSync(path.file, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile()) return false;
    const identity = fileIdentity(stat);
    if (this.#passedOver.get(path.file) === identityKey(identity)) return false;
    const isRotated = rotatedName(basename(path.file)) !== undefined;
    if (isRotated && this.#io.now() - stat.mtimeNs < STILL_NANOS) return false;
    const isRead = this.isRead(identity);
    const isNew = !isRead && ((await this.#isUnknown(path)) || (await this.cameBack(path)) !== undefined);
    if (!isNew) this.#passedOver.set(path.file, identityKey(identity));
    return isNew;
  }

  async #isUnknown(path: SourcePath): Promise<boolean> {
    const identity = await this.#identify(path, this.known);
    return identity?.kind === 'new';
  }

  /** What is known of a file that was read, at this very path or by another name, and is there again. */
  async cameBack(path: SourcePath): Promise<SourceState | undefined> {
    const inode = path.opened?.identity?.inode;
    const isHere = (source: SourceState): boolean => source.file === path.file || source.inode === inode;
    const here = this.#ledger.files.filter((source) => source.plain && source.offset > 0 && isHere(source));
    if (here.length === 0) return undefined;
    const identity = await this.#identify(path, here);
    return identity?.kind === 'known' ? identity.source : undefined;
  }

  /** Whether nothing was read of what stands in a file that is open, by its bytes. */
  async isNew(open: OpenSource): Promise<boolean> {
    const identity = await this.#unlessRefused(() => identityOf(open, this.known));
    return identity?.kind === 'new';
  }

  async #identify(path: SourcePath, known: readonly SourceState[]): Promise<Identity | undefined> {
    return await this.#unlessRefused(async () => {
      const open = await this.#joining.open(path);
      try {
        return open.text === undefined ? undefined : await identityOf(open, known);
      } finally {
        open.close();
      }
    });
  }

  async #unlessRefused<T>(look: () => Promise<T>): Promise<T | undefined> {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof TsalignError)) throw error;
      this.#io.warn({ ...error.problem, code: 'note', hint: 'not read' });
      return undefined;
    }
  }
}

const identityOf = async (open: OpenSource, known: readonly SourceState[]): Promise<Identity | undefined> =>
  (await identify([fileOf(open)], indexSources(known)))[0];
