import type { StampLayout } from './stamp-layout.ts';
import { StampTemplate } from './stamp-template.ts';

/** The few shapes that a source's stamps have, the one used last first. */
export class StampTemplates {
  private readonly shapes: StampTemplate[] = [];
  private readonly limit: number;
  private count = 0;

  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  /** @param limit how many shapes to keep; a new one replaces the one that was not used for the longest time. */
  constructor(bytes: Uint8Array, limit: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.limit = limit;
  }

  /** The template that has read the stamp at `at`, or undefined. */
  read(at: number, end: number): StampTemplate | undefined {
    for (let i = 0; i < this.count; i++) {
      const shape = this.shapes[i];
      if (!shape.read(this.bytes, this.view, at, end)) continue;
      if (i > 0) this.toFront(i);
      return shape;
    }
    return undefined;
  }

  /** Learns the shape of the stamp at `at`; see StampTemplate.learn. */
  learn(at: number, end: number, layout: StampLayout): boolean {
    const index = Math.min(this.count, this.limit - 1);
    // Made when learned: most sources have one shape, and a thousand sources would have six thousand.
    this.shapes[index] ??= new StampTemplate();
    if (!this.shapes[index].learn(this.bytes, this.view, at, end, layout)) return false;
    this.count = index + 1;
    this.toFront(index);
    return true;
  }

  private toFront(index: number): void {
    const shape = this.shapes[index];
    for (let i = index; i > 0; i--) this.shapes[i] = this.shapes[i - 1];
    this.shapes[0] = shape;
  }
}
