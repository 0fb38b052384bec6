/** What bin/tsalign.js needs of this room. */
export { SIGNALS, signalOfExit } from './exit-codes.ts';
export { writeMessage, writeText } from './io.ts';
export { main } from './main.ts';
export { stdinIsSource } from './stdin.ts';
