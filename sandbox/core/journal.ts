import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export type Write = [table: string, id: string, row: unknown];

const CHUNK_BYTES = 1 << 20;

/** Lines of the file, one at a time, so that a large journal never has to fit into one string. */
function* readLines(path: string): Generator<{ line: string; last: boolean }> {
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let rest = Buffer.alloc(0);
  try {
    for (;;) {
      const size = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (size === 0) break;
      rest = Buffer.concat([rest, chunk.subarray(0, size)]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        yield { line: rest.toString('utf8', 0, end), last: false };
        rest = rest.subarray(end + 1);
      }
    }
  } finally {
    closeSync(file);
  }
  if (rest.length > 0) yield { line: rest.toString('utf8'), last: true };
}

/**
 * One JSON line per committed transaction. The line is handed to the kernel before the answer leaves, so killing the
 * process loses nothing that was answered (losing the machine's power may: this is a sandbox, it does not fsync).
 */
export class Journal {
  private readonly path: string;
  private file: number | undefined;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.path = join(dataDir, 'journal.jsonl');
  }

  *read(): Generator<Write[]> {
    if (!existsSync(this.path)) return;
    for (const { line, last } of readLines(this.path)) {
      // Only a line without its newline can be torn: the process died while writing it, so it was never answered.
      if (last) return;
      yield JSON.parse(line) as Write[];
    }
  }

  /** Replaces the file by `batches`, atomically, and goes on appending to it. */
  rewrite(batches: Iterable<Write[]>): void {
    this.close();
    const temporary = `${this.path}.new`;
    const file = openSync(temporary, 'w');
    for (const batch of batches) writeSync(file, `${JSON.stringify(batch)}\n`);
    fsyncSync(file);
    closeSync(file);
    renameSync(temporary, this.path);
    this.file = openSync(this.path, 'a');
  }

  append(writes: Write[]): void {
    if (this.file === undefined) this.file = openSync(this.path, 'a');
    writeSync(this.file, `${JSON.stringify(writes)}\n`);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}
