import type { FileIdentity } from '../core/file-identity.ts';
import type { Joining } from '../plan/joining.ts';
import type { OpenSource, SourcePath } from '../source/index.ts';
import type { SourceState } from '../state/index.ts';
import type { Followed } from './followed.ts';
import type { Ledger } from './ledger.ts';

/** What reading needs to know of the other sources. */
export interface Neighbours {
  joining: Joining;
  ledger: Ledger;
  /** Whether a file is read already, under whatever name. */
  isRead(identity: FileIdentity): boolean;
  /** Whether nothing was read of what stands in a file. */
  isNew(open: OpenSource): Promise<boolean>;
  /** What is known of a file that was read, at this very path or by another name, and is there again. */
  cameBack(path: SourcePath): Promise<SourceState | undefined>;
  /** A source that was not known until now has its place in the plan. */
  joined(followed: Followed): void;
  /** Ends the open records of all sources, as far as they end with a line: they take room. */
  settleAll(): Promise<void>;
  /** All that a source was is left out. */
  leftOut(followed: Followed): void;
}
