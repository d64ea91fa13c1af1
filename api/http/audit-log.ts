import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';

/** Where a file of the log stands: what a later one, or the process's ordinary log, remembers of it. */
interface Head {
  readonly file: string;
  readonly seq: number;
  readonly hash: string;
}

const NOTHING_BEFORE = '0'.repeat(64);
const EXTENSION = '.jsonl';
const LOG_HEAD_EVERY_MS = 60_000;
const WHOLE_LINE = /"hash":"[0-9a-f]{64}"}$/;
/** More than most lines have. */
const READ_BYTES = 64 * 1024;

/**
 * An append-only log of who asked for what. Each API process has a file of its own in the folder, each line the hash of the one before, and
 * the first line the ends of the files that were there: what is changed, left out, moved or cut off shows (`waybill audit verify`).
 */
export class AuditLog {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #countLost: () => void;
  readonly #write: typeof appendFileSync;
  #head: Head;
  /** Bytes of the lines that are whole. */
  #length = 0;
  /** Whether a part of another line may stand behind them. */
  #isTorn = false;
  #logged = 0;
  readonly #timer: NodeJS.Timeout;

  /** `countLost`: called for each line that could not be written. */
  constructor(folder: string, logger: Logger, countLost: () => void, write = appendFileSync) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const heads = readdirSync(folder)
      .filter((file) => file.endsWith(EXTENSION))
      .sort()
      .flatMap((file) => headOf(folder, file));
    const file = `audit-${new Date().toISOString().replaceAll(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}${EXTENSION}`;
    this.#path = join(folder, file);
    this.#logger = logger;
    this.#countLost = countLost;
    this.#write = write;
    this.#head = { file, seq: 0, hash: NOTHING_BEFORE };
    // What is wrong with the folder stops the process here.
    this.#append({ type: 'opened', before: heads });
    this.#timer = setInterval(() => this.#logHead(), LOG_HEAD_EVERY_MS).unref();
  }

  /** Logs its end: where others were opened before this one ended, the next one that remembers it may be weeks away. */
  close(): void {
    clearInterval(this.#timer);
    this.#logHead();
  }

  /** A log that cannot be written does not stop payments, which have their timelines: it cries out. */
  write(entry: Readonly<Record<string, unknown>>): void {
    try {
      this.#append(entry);
    } catch (error) {
      this.#countLost();
      this.#logger.error({ err: error, entry }, 'the audit log cannot be written');
    }
  }

  #append(entry: Readonly<Record<string, unknown>>): void {
    const { file, seq, hash: prev } = this.#head;
    const next = seq + 1;
    const text = JSON.stringify({ seq: next, at: new Date().toISOString(), ...entry, prev });
    const hash = createHash('sha256').update(text).digest('hex');
    const line = `${text.slice(0, -1)},"hash":"${hash}"}\n`;
    if (this.#isTorn) this.#cutOff();
    this.#isTorn = true;
    this.#write(this.#path, line, { mode: 0o600 });
    this.#isTorn = false;
    this.#length += Buffer.byteLength(line);
    this.#head = { file, seq: next, hash };
  }

  /** Takes away what a full disk left of a line: the next one would be part of it. */
  #cutOff(): void {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > this.#length) truncateSync(this.#path, this.#length);
  }

  /** In another place than the file itself: where the lines went that somebody cuts off its end. */
  #logHead(): void {
    if (this.#head.seq === this.#logged) return;
    this.#logged = this.#head.seq;
    this.#logger.info({ audit_head: `${this.#head.file}:${this.#head.seq}:${this.#head.hash}` }, 'audit log');
  }
}

/** None of a file whose last line a killed process did not finish before its first. */
function headOf(folder: string, file: string): Head[] {
  const last = lastWholeLine(join(folder, file));
  if (last === undefined) return [];
  const { seq, hash } = JSON.parse(last);
  return [{ file, seq, hash }];
}

/** Read from its end: the file of a process that ran for months is longer than a string may be. */
function lastWholeLine(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    let tail = Buffer.alloc(0);
    for (let start = fstatSync(file).size; start > 0; ) {
      const part = Buffer.alloc(Math.min(READ_BYTES, start));
      start -= part.length;
      readSync(file, part, 0, part.length, start);
      tail = Buffer.concat([part, tail]);
      const [first = '', ...rest] = tail.toString('utf8').split('\n');
      const last = [...(start === 0 ? [first] : []), ...rest].findLast((line) => WHOLE_LINE.test(line));
      if (last !== undefined) return last;
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}
