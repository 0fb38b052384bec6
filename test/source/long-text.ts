/** The text in long.*: longer than what any decoder gives at once, and than a block of bzip2 -6. */
export function longText(): Buffer {
  let state = 1;
  const lines = Array.from({ length: 14_000 }, (_, i) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    const second = String(Math.floor(i / 60) % 60).padStart(2, '0');
    return `2024-03-10T06:${second}:${String(i % 60).padStart(2, '0')}Z worker-${state % 7} request ${i} took ${(state >> 8) % 512} ms\n`;
  });
  return Buffer.from(lines.join(''));
}
