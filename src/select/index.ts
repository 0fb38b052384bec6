export { ContentTable } from './content-table.ts';
export type { CopyRule, EmitRows } from './copies.ts';
export { Dedup } from './dedup.ts';
export { KeyDedup } from './dedup-key.ts';
export type { RunStore } from './dedup-overflow.ts';
export { chainFilters, keepRows } from './keep.ts';
export { Limit } from './limit.ts';
export { compileMatch, matching } from './match.ts';
export { insideRange } from './window.ts';
