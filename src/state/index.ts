export {
  type Again,
  type AppendedState,
  emptyState,
  loadState,
  type PartState,
  type Rename,
  type Settings,
  type SlotsState,
  type SourceState,
  type StateDocument,
  type StatePlace,
  stateText,
} from './document.ts';
export {
  continues,
  type FileFound,
  type Identity,
  identify,
  indexSources,
  isCopy,
  isUnchanged,
  type KnownSources,
  type TextReading,
  withoutEnding,
} from './identify.ts';
export { type Lock, lockHolder, lockOwner, tryLock } from './lock.ts';
export {
  type Folders,
  isOfSameLog,
  isRotationOf,
  LISTING_TRIES,
  listBeside,
  type RotatedFile,
  rotatedFiles,
} from './rotated.ts';
