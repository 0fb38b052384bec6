/**
 * Modules of Node that most runs have no use for, loaded where they are used: crypto takes 3 ms, zlib and net take 1 ms each.
 * `process` is used as the global that it is: importing node:process asks for all that it has, process.stdout among it, which
 * makes a pipe on stdout one that answers EAGAIN.
 */
export const cryptoModule = () => process.getBuiltinModule('node:crypto');
export const netModule = () => process.getBuiltinModule('node:net');
export const osModule = () => process.getBuiltinModule('node:os');
export const utilModule = () => process.getBuiltinModule('node:util');
export const zlibModule = () => process.getBuiltinModule('node:zlib');
