import { createRequire } from 'node:module';
import type Picomatch from 'picomatch';
import type * as Tinyglobby from 'tinyglobby';

/** Loaded with the first glob: the two take 13 ms, a fifth of a start, and most command lines have none. */
const load = createRequire(import.meta.url);

export const picomatch = (): typeof Picomatch => load('picomatch');
export const tinyglobby = (): typeof Tinyglobby => load('tinyglobby');

/** Characters without one of which no text is a glob. */
const GLOB_CHARACTERS = /[*?[\]{}()!@+\\]/;

/** Whether a name that nothing has may be a glob. */
export const isGlob = (text: string): boolean => GLOB_CHARACTERS.test(text) && tinyglobby().isDynamicPattern(text);
