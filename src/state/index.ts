export {
  type AppendedState,
  emptyState,
  loadState,
  type Rename,
  type Settings,
  type SourceState,
  type StateDocument,
  stateText,
} from './document.ts';
export {
  continues,
  type FileFound,
  type Identity,
  identify,
  isUnchanged,
  type TextReading,
} from './identify.ts';
export { type Lock, lockHolder, tryLock } from './lock.ts';
export { isRotationOf, rotatedFiles } from './rotated.ts';
