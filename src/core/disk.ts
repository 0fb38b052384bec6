import fs from 'node:fs';

/**
 * Every call of the file system goes through here, under the name that node:fs gives it, so that a test can stop a run
 * at any of them: `onCall` hears of each before it is made, and what it throws is thrown in its place.
 */
export type OnCall = (name: string, parameters: readonly unknown[]) => void;

let onCall: OnCall | undefined;

/** Tests only: listens to the calls. Returns what ends it. */
export function listenToDisk(listener: OnCall): () => void {
  onCall = listener;
  return () => {
    onCall = undefined;
  };
}

/** The call itself; listening costs a branch, and calls move blocks, not records. */
function through<Call>(name: string, call: Call): Call {
  const make = call as (...parameters: unknown[]) => unknown;
  return ((...parameters: unknown[]) => {
    onCall?.(name, parameters);
    return make(...parameters);
  }) as Call;
}

export type { BigIntStats, Stats } from 'node:fs';
export const { constants } = fs;

export const accessSync = through('access', fs.accessSync);
export const closeSync = through('close', fs.closeSync);
export const existsSync = through('exists', fs.existsSync);
export const fchmodSync = through('fchmod', fs.fchmodSync);
export const fchownSync = through('fchown', fs.fchownSync);
export const fstatSync = through('fstat', fs.fstatSync);
export const fsyncSync = through('fsync', fs.fsyncSync);
export const ftruncateSync = through('ftruncate', fs.ftruncateSync);
export const truncateSync = through('truncate', fs.truncateSync);
export const lstatSync = through('lstat', fs.lstatSync);
export const linkSync = through('link', fs.linkSync);
export const mkdirSync = through('mkdir', fs.mkdirSync);
export const mkdtempSync = through('mkdtemp', fs.mkdtempSync);
export const openSync = through('open', fs.openSync);
export const readFileSync = through('readFile', fs.readFileSync);
export const readSync = through('read', fs.readSync);
export const readdirSync = through('readdir', fs.readdirSync);
export const readlinkSync = through('readlink', fs.readlinkSync);
export const readvSync = through('readv', fs.readvSync);
export const realpathSync = through('realpath', fs.realpathSync);
export const renameSync = through('rename', fs.renameSync);
export const rmSync = through('rm', fs.rmSync);
export const rmdirSync = through('rmdir', fs.rmdirSync);
export const statSync = through('stat', fs.statSync);
export const unlinkSync = through('unlink', fs.unlinkSync);
export const writeFileSync = through('writeFile', fs.writeFileSync);
export const writeSync = through('write', fs.writeSync);
export const writevSync = through('writev', fs.writevSync);
