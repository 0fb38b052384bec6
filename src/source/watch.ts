import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/**
 * Lets the system tell of changes in folders. It only wakes earlier who would look anyway: not every file system tells, and
 * there are limits to how many folders are watched.
 */
export class FolderWatch {
  readonly #changed: (path: string) => void;
  readonly #watchers = new Map<string, FSWatcher | undefined>();

  /** @param changed receives the path of what has changed, as far as the system names it */
  constructor(changed: (path: string) => void) {
    this.#changed = changed;
  }

  add(folder: string): void {
    if (this.#watchers.has(folder)) return;
    this.#watchers.set(folder, undefined);
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        if (name !== null) this.#changed(join(folder, name));
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
