import { type FSWatcher, watch } from 'node:fs';

/**
 * Lets the system tell of changes in folders. It only wakes earlier who would look anyway: not every file system tells, and
 * there are limits to how many folders are watched.
 */
export class FolderWatch {
  readonly #wake: () => void;
  readonly #watchers = new Map<string, FSWatcher | undefined>();

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  add(folder: string): void {
    if (this.#watchers.has(folder)) return;
    this.#watchers.set(folder, undefined);
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#wake());
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
