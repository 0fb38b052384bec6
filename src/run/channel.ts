/** A writer with its output and sink: records go in, a complete file comes out, or none. */
export interface Channel {
  begin(): void;
  write(rows: Int32Array, count: number): void;
  writeRow(row: number): void;
  flush(): void;
  /** Gets to know the sources that have joined the plan. */
  renew?(): void;
  /** Lets what was written be seen, though more will follow. */
  publish?(): void;
  /** Goes on under its name where what was published has been moved away. Returns that name if so. */
  followName?(): string | undefined;
  commit(): void;
  abort(): void;
}
