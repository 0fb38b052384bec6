/** What the shell is told. Scripts rely on these numbers; nothing else in the program names one. */
export const EXIT = {
  /** Done. */
  done: 0,
  /** Done, but something was set aside: rejected records, a source skipped, a truncated input. */
  setAside: 1,
  /** Could not do it: usage, an unreadable source, a full disk, a defect of ours. */
  failed: 2,
  /** Another run is at work on the same state (EX_TEMPFAIL of sysexits.h). */
  locked: 75,
} as const;

/** 128 + the signal's number, as shells count. */
const SIGNAL_EXITS: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** The signals that end a run in good order. */
export const SIGNALS: readonly string[] = Object.keys(SIGNAL_EXITS);

/** The exit code of a run that a signal ended; `reason` is that of the abort: the signal's name. */
export function exitOfSignal(reason: unknown): number {
  return SIGNAL_EXITS[String(reason)] ?? EXIT.failed;
}

/** The signal that an exit code stands for, for the entry script to end itself with; undefined for other codes. */
export function signalOfExit(code: number): string | undefined {
  return SIGNALS.find((signal) => SIGNAL_EXITS[signal] === code);
}
