import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/** How far a file of the audit log went at some time, as another file or another log remembers it. */
export interface Head {
  readonly file: string;
  readonly seq: number;
  readonly hash: string;
}

export interface Verified {
  readonly files: number;
  readonly lines: number;
  /** Files that later ones remember and that may be gone: those opened before that day. Absent: none. */
  readonly deleted?: readonly string[];
  /** What is not as it was written; empty: nothing. */
  readonly findings: readonly string[];
}

const NOTHING_BEFORE = '0'.repeat(64);
const READ_BYTES = 1024 * 1024;
/** Characters. No line that the API writes is nearly as long. */
const LINE_MAX = 16 * 1024 * 1024;

/**
 * Whether every file of the folder is as it was written, as far as what it remembers of itself and of the others can tell.
 * `deletedBefore`: a day (2026-01-31); files opened before it may have been deleted as a whole, when their time was over.
 */
export function verifyAudit(
  folder: string,
  heads: readonly Head[],
  deletedBefore: string | null = null,
): Verified {
  const names = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  const files = new Map(names.map((file) => [file, readChain(join(folder, file))]));
  const all = [...files].flatMap(([by, { before }]) => before.map((head) => ({ ...head, by })));
  const mayBeGone = (file: string) => !files.has(file) && isOpenedBefore(file, deletedBefore);
  const remembered = all.filter(({ file }) => !mayBeGone(file));
  const deleted = [...new Set(all.map(({ file }) => file).filter(mayBeGone))].sort();
  const findings = [
    // Every API process that keeps a log has written its first line: it is another folder, or all of it is gone.
    ...(files.size === 0 ? [`${folder}: there is no file of an audit log in it`] : []),
    ...[...files].flatMap(([file, { broken }]) => (broken === null ? [] : [`${file}: ${broken}`])),
    ...[...remembered, ...heads.map((head) => ({ ...head, by: '--head' }))].flatMap(
      ({ file, seq, hash, by }) =>
        files.get(file)?.hashes[seq - 1] === hash
          ? []
          : [`${file}: line ${seq}, which ${by} remembers, is missing or another one`],
    ),
  ];
  const lines = [...files.values()].reduce((sum, { hashes }) => sum + hashes.length, 0);
  return { files: files.size, lines, ...(deleted.length > 0 ? { deleted } : {}), findings };
}

/** By the time in its name. */
function isOpenedBefore(file: string, day: string | null): boolean {
  const [, opened] = /^audit-(\d{8})T/.exec(file) ?? [];
  return day !== null && opened !== undefined && opened < day.replaceAll('-', '');
}

interface Chain {
  /** Of the lines that are as they were written, up to the first that is not. */
  readonly hashes: readonly string[];
  readonly before: readonly Head[];
  /** Null: nothing is wrong with it. */
  readonly broken: string | null;
}

function readChain(path: string): Chain {
  const hashes: string[] = [];
  let before: readonly Head[] = [];
  let isEnded = false;
  for (const line of linesIn(path)) {
    const number = hashes.length + 1;
    isEnded = line.endsWith('\n');
    if (!isEnded) break;
    // A line separator of Unicode's may be in a text.
    const [, text = '', hash = ''] = /^(.*),"hash":"([0-9a-f]{64})"}\n$/s.exec(line) ?? [];
    const isWhole = createHash('sha256').update(`${text}}`).digest('hex') === hash;
    if (!isWhole) return { hashes, before, broken: `line ${number} is not as it was written` };
    const entry = entryOf(line);
    if (entry.seq !== number || entry.prev !== (hashes.at(-1) ?? NOTHING_BEFORE)) {
      return { hashes, before, broken: `line ${number} does not follow the one before it` };
    }
    if (number === 1 && Array.isArray(entry.before)) before = entry.before.map(Object);
    hashes.push(hash);
  }
  return { hashes, before, broken: isEnded ? null : `line ${hashes.length + 1} is cut off` };
}

/** Of a line whose hash is right; somebody may have made it of another text. */
function entryOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}

/** Each with its end, if it has one. Read in parts: a file may be longer than a string. */
function* linesIn(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const part = Buffer.alloc(READ_BYTES);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for (let read = -1; read !== 0 && rest.length <= LINE_MAX; ) {
      read = readSync(file, part, 0, part.length, null);
      const lines = (rest + decoder.write(part.subarray(0, read))).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield `${line}\n`;
    }
    rest += decoder.end();
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}
