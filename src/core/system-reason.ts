import { utilModule } from './builtins.ts';

/** What the system says of a call of node:fs that failed, in its own words: "permission denied", not "EACCES". */
export function systemReason(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  const said = errno === undefined ? undefined : utilModule().getSystemErrorMap().get(errno);
  return said?.[1] ?? message;
}
