/** What a file is known by while it is there, whatever its name. Once it is gone, another may have the same. */
export interface FileIdentity {
  device: string;
  inode: string;
}

/** @param status what the file system tells of a file */
export const fileIdentity = ({ dev, ino }: { dev: bigint | number; ino: bigint | number }): FileIdentity => ({
  device: String(dev),
  inode: String(ino),
});

/** The same as one word, to be compared. */
export const identityKey = ({ device, inode }: FileIdentity): string => `${device}:${inode}`;

export const isSameFile = (one: FileIdentity, other: FileIdentity): boolean => identityKey(one) === identityKey(other);
