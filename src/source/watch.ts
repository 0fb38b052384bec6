import { type FSWatcher, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { statSync } from '../core/disk.ts';
import { fileIdentity, identityKey } from '../core/file-identity.ts';

/** Receives the path of what has changed, as far as the system names it; a file that comes or goes changes its name. */
type Changed = (path: string, what: 'its name' | 'what it holds') => void;

interface Watched {
  /** Undefined where it cannot be watched. */
  watcher: FSWatcher | undefined;
  /** What stood there when that began: the folder may be removed and made again. */
  identity: string | undefined;
}

/**
 * Lets the system tell of changes in folders. It only wakes earlier who would look anyway: not every file system tells, and
 * there are limits to how many folders are watched.
 */
export class FolderWatch {
  readonly #changed: Changed;
  readonly #watched = new Map<string, Watched>();

  constructor(changed: Changed) {
    this.#changed = changed;
  }

  /** Watches these folders, as they are now, and no others. */
  renew(folders: readonly string[]): void {
    const asked = new Set(folders);
    for (const folder of this.#watched.keys()) if (!asked.has(folder)) this.#forget(folder);
    for (const folder of asked) {
      const identity = identityOf(folder);
      const before = this.#watched.get(folder);
      if (before !== undefined && before.identity === identity) continue;
      this.#forget(folder);
      this.#watched.set(folder, { watcher: identity === undefined ? undefined : this.#watch(folder), identity });
    }
  }

  close(): void {
    for (const folder of [...this.#watched.keys()]) this.#forget(folder);
  }

  #forget(folder: string): void {
    this.#watched.get(folder)?.watcher?.close();
    this.#watched.delete(folder);
  }

  #doubt(folder: string): void {
    const watched = this.#watched.get(folder);
    if (watched !== undefined) watched.identity = undefined;
  }

  /** Undefined where that cannot be: then looking every now and then must do. */
  #watch(folder: string): FSWatcher | undefined {
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) => {
        if (name === null) return;
        // So Linux calls the folder itself. One that is made again may have its inode.
        if (event === 'rename' && name === basename(folder)) this.#doubt(folder);
        this.#changed(join(folder, name), event === 'rename' ? 'its name' : 'what it holds');
      });
      return watcher.on('error', () => watcher.close());
    } catch {
      return undefined;
    }
  }
}

function identityOf(folder: string): string | undefined {
  const stat = statSync(folder, { bigint: true, throwIfNoEntry: false });
  return stat && identityKey(fileIdentity(stat));
}
