export { stageRows } from './gather';
export { countSettled, followRows } from './late';
export { setup } from './memory';
export { addCursor, endedCursor, mergeRows, openMerge, refillCursor, removeCursor } from './merge';
export { frameObjects } from './objects';
export { firstDescent, sortRows } from './order';
export { frameTable } from './table';
export { frameText } from './text';
export { copyLines, writePrefix, writeRows } from './write';
