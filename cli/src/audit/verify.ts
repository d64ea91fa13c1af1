import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How far a file of the audit log went at some time, as another file or another log remembers it. */
export interface Head {
  readonly file: string;
  readonly seq: number;
  readonly hash: string;
}

export interface Verified {
  readonly files: number;
  readonly lines: number;
  /** What is not as it was written; empty: nothing. */
  readonly findings: readonly string[];
}

const NOTHING_BEFORE = '0'.repeat(64);

/** Whether every file of the folder is as it was written, as far as what it remembers of itself and of the others can tell. */
export function verifyAudit(folder: string, heads: readonly Head[]): Verified {
  const names = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  const files = new Map(names.map((file) => [file, readChain(join(folder, file))]));
  const remembered = [...files].flatMap(([by, { before }]) => before.map((head) => ({ ...head, by })));
  const findings = [
    ...[...files].flatMap(([file, { broken }]) => (broken === null ? [] : [`${file}: ${broken}`])),
    ...[...remembered, ...heads.map((head) => ({ ...head, by: '--head' }))].flatMap(
      ({ file, seq, hash, by }) =>
        files.get(file)?.hashes[seq - 1] === hash
          ? []
          : [`${file}: line ${seq}, which ${by} remembers, is missing or another one`],
    ),
  ];
  const lines = [...files.values()].reduce((sum, { hashes }) => sum + hashes.length, 0);
  return { files: files.size, lines, findings };
}

interface Chain {
  /** Of the lines that are as they were written, up to the first that is not. */
  readonly hashes: readonly string[];
  readonly before: readonly Head[];
  /** Null: nothing is wrong with it. */
  readonly broken: string | null;
}

function readChain(path: string): Chain {
  const lines = readFileSync(path, 'utf8').split('\n');
  const rest = lines.pop();
  const hashes: string[] = [];
  let before: readonly Head[] = [];
  for (const [index, line] of lines.entries()) {
    const [, text = '', hash = ''] = /^(.*),"hash":"([0-9a-f]{64})"}$/.exec(line) ?? [];
    const isWhole = createHash('sha256').update(`${text}}`).digest('hex') === hash;
    if (!isWhole) return { hashes, before, broken: `line ${index + 1} is not as it was written` };
    const entry = JSON.parse(line);
    if (entry.seq !== index + 1 || entry.prev !== (hashes.at(-1) ?? NOTHING_BEFORE)) {
      return { hashes, before, broken: `line ${index + 1} does not follow the one before it` };
    }
    if (index === 0) before = entry.before ?? [];
    hashes.push(hash);
  }
  const end = lines.length + 1;
  const broken = rest === '' && lines.length > 0 ? null : `line ${end} is cut off`;
  return { hashes, before, broken };
}
