import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export type Write = [table: string, id: string, row: unknown];

const CHUNK_BYTES = 1 << 20;

/** The line is not in the journal, for example because the disk is full. The journal is as it was. */
export class NotWritten extends Error {
  constructor(path: string, cause: unknown) {
    super(`${path} could not be written: ${cause instanceof Error ? cause.message : cause}`, { cause });
    this.name = 'NotWritten';
  }
}

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

/** The whole line: the kernel may take a part of it only. Returns its length in bytes. */
function writeLine(file: number, writes: Write[]): number {
  const line = Buffer.from(`${JSON.stringify(writes)}\n`);
  for (let done = 0; done < line.length; ) done += writeSync(file, line, done);
  return line.length;
}

/**
 * One JSON line per committed transaction. The line is handed to the kernel before the answer leaves, so killing the
 * process loses nothing that was answered (losing the machine's power may: this is a sandbox, it does not fsync).
 */
export class Journal {
  private readonly path: string;
  private file: number | undefined;
  /** Where the last whole line ends. */
  private wholeBytes = 0;

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
    const temporary = `${this.path}.new`;
    const file = openSync(temporary, 'w');
    try {
      for (const batch of batches) writeLine(file, batch);
      fsyncSync(file);
      renameSync(temporary, this.path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw new NotWritten(this.path, error);
    } finally {
      closeSync(file);
    }
    this.close();
    this.open();
  }

  /** All of it, or nothing and an error: half a line would end what can be read of the file. */
  append(writes: Write[]): void {
    const file = this.file ?? this.open();
    try {
      this.wholeBytes += writeLine(file, writes);
    } catch (error) {
      ftruncateSync(file, this.wholeBytes);
      throw new NotWritten(this.path, error);
    }
  }

  private open(): number {
    const file = openSync(this.path, 'a');
    this.file = file;
    this.wholeBytes = fstatSync(file).size;
    return file;
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}
