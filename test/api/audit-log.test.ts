import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { AuditLog } from '../../api/http/audit-log.ts';
import { createMetrics } from '../../api/http/metrics.ts';
import { verifyAudit } from '../../cli/src/audit/verify.ts';

it('a line that a full disk cuts off breaks nothing: the next ones follow the last whole one, and it is counted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-full-disk-'));
  const logged: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => logged.push(line) });
  /** How many characters the disk still takes. */
  let left = Number.POSITIVE_INFINITY;
  const { registry, countUnaudited } = createMetrics();
  const log = new AuditLog(folder, logger, countUnaudited, (file, line, options) => {
    appendFileSync(file, String(line).slice(0, left), options);
    if (left < Number.POSITIVE_INFINITY) throw new Error('ENOSPC: no space left on device');
  });
  log.write({ type: 'request', path: '/1' });
  for (left of [20, 0, 40]) log.write({ type: 'request', path: '/lost' });
  left = Number.POSITIVE_INFINITY;
  log.write({ type: 'request', path: '/2' });
  log.write({ type: 'request', path: '/3' });
  expect(verifyAudit(folder, [])).toMatchObject({ lines: 4, findings: [] });
  const [file = ''] = readdirSync(folder);
  const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).path)).toEqual([undefined, '/1', '/2', '/3']);
  expect(logged.filter((line) => line.includes('/lost'))).toHaveLength(3);
  expect(await registry.metrics()).toMatch(/^waybill_audit_lines_lost_total 3$/m);
  rmSync(folder, { recursive: true });
});

const silent = pino({ level: 'silent' });

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-audit-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it('remembers the end of a file that is longer than a string may be', () => {
  const folder = emptyFolder();
  const file = 'audit-20261129T120000000Z-1a2b3c4d.jsonl';
  const path = join(folder, file);
  const hash = 'a'.repeat(64);
  writeFileSync(path, '');
  // Takes no room on the disk.
  truncateSync(path, 600 * 1024 * 1024);
  appendFileSync(path, `\n{"seq":7,"reason":"${'é'.repeat(100_000)}","hash":"${hash}"}\n{"seq":8,"at"`);
  new AuditLog(folder, silent, () => undefined);
  const [, opened = ''] = readdirSync(folder).sort();
  expect(JSON.parse(readFileSync(join(folder, opened), 'utf8')).before).toEqual([{ file, seq: 7, hash }]);
});

it('is as it was written, whatever letters are in a text, and however long it is', () => {
  const folder = emptyFolder();
  const log = new AuditLog(folder, silent, () => undefined);
  log.write({ asked: { reason: 'one line\u2028and the next\u2029, \ud83d half of an emoji' } });
  for (let n = 0; n < 1_200; n += 1) log.write({ asked: { reason: `${'😀'.repeat(230)}${n}` } });
  expect(verifyAudit(folder, [])).toEqual({ files: 1, lines: 1_202, findings: [] });
});

it.each([
  ['no JSON', 'nonsense,"seq":1'],
  ['heads that are none', `{"seq":1,"before":5,"prev":"${'0'.repeat(64)}"`],
  ['empty heads', `{"seq":1,"before":[null],"prev":"${'0'.repeat(64)}"`],
])(
  'a line that somebody made of %s, with the hash that it should have, stops no look at the others',
  (_, text) => {
    const folder = emptyFolder();
    const hash = createHash('sha256').update(`${text}}`).digest('hex');
    writeFileSync(join(folder, 'audit-1.jsonl'), `${text},"hash":"${hash}"}\n`);
    writeFileSync(join(folder, 'audit-2.jsonl'), 'changed\n');
    const { findings } = verifyAudit(folder, []);
    expect(findings.join()).toContain('audit-2.jsonl: line 1 is not as it was written');
  },
);
