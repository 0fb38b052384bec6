export { connectPipes } from './connect.ts';
export { DESCRIPTORS } from './descriptors.ts';
export { encodingParser } from './encoding.ts';
export { expandSources, realOutput, type SourcePath } from './expand.ts';
export { labelSources } from './labels.ts';
export { type OpenSource, openSource } from './open.ts';
export { resolveSettings } from './settings.ts';
export { spoolSource } from './spool.ts';
