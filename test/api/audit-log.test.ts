import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
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
