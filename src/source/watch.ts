import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** Receives the path of what has changed, as far as the system names it; a file that comes or goes changes its name. */
type Changed = (path: string, what: 'its name' | 'what it holds') => void;

/**
 * Lets the system tell of changes in folders. It only wakes earlier who would look anyway: not every file system tells, and
 * there are limits to how many folders are watched.
 */
export class FolderWatch {
  readonly #changed: Changed;
  readonly #watchers = new Map<string, FSWatcher | undefined>();

  constructor(changed: Changed) {
    this.#changed = changed;
  }

  add(folder: string): void {
    if (this.#watchers.has(folder)) return;
    this.#watchers.set(folder, undefined);
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) => {
        if (name !== null) this.#changed(join(folder, name), event === 'rename' ? 'its name' : 'what it holds');
      });
      watcher.on('error', () => watcher.close());
      this.#watchers.set(folder, watcher);
    } catch {
      // Then looking every now and then must do.
    }
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher?.close();
  }
}
