import { DeviceStream } from './streams.ts';

const BLOCK_BYTES = 65_536;
/** A line longer than this is read up to here. */
const LINE_BYTES = 1 << 20;

/**
 * The first line of a descriptor that is not blank, without its line end; undefined where there is none. What follows it
 * is not waited for.
 * @throws TsalignError 'unreadable'
 */
export async function readFirstLine(descriptor: number): Promise<string | undefined> {
  const stream = new DeviceStream(descriptor, 'stdin', () => {});
  const block = Buffer.alloc(BLOCK_BYTES);
  let head = Buffer.alloc(0);
  for (;;) {
    const count = await stream.read(block, 0, block.length);
    head = Buffer.concat([head, block.subarray(0, count)]);
    const isWhole = count === 0 || head.length >= LINE_BYTES;
    const [line] = /^.*\S.*/m.exec(isWhole ? head.toString() : upToLineEnd(head)) ?? [];
    if (line !== undefined || isWhole) return line?.replace(/^\ufeff/, '').trimEnd();
  }
}

const upToLineEnd = (bytes: Buffer): string => bytes.subarray(0, bytes.lastIndexOf(10) + 1).toString();
