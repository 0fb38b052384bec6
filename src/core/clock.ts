import { setImmediate } from 'node:timers/promises';

/** Time as a run that waits sees it. Tests hold it: nothing else tells a run what time it is, or lets it sleep. */
export interface Clock {
  /** Milliseconds since some moment, which never go back. */
  elapsed(): number;
  /** Sleeps for so many milliseconds, or until `wake` is called. With 0, whatever else waits has its turn, no more. */
  sleep(milliseconds: number): Promise<void>;
  /** Ends a sleep, or the next one before it begins. */
  wake(): void;
}

/** The clock of the machine. */
export function systemClock(): Clock {
  let isWoken = false;
  let end: (() => void) | undefined;
  return {
    elapsed: () => performance.now(),
    async sleep(milliseconds) {
      if (milliseconds === 0) await setImmediate();
      else if (!isWoken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          end = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      end = undefined;
      isWoken = false;
    },
    wake() {
      isWoken = true;
      end?.();
    },
  };
}
