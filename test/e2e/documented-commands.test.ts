import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { COMMANDS, starting } from '../support/documents.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import type { DocumentedWorld } from './documented-world.ts';
import { APPROVED_ABOVE, fillDocumentedWorld, KEYS } from './documented-world.ts';
import { WITHIN } from './support.ts';

const BIN = join(projectRoot, 'cli', 'bin', 'waybill.mjs');

let waybill: Waybill;
let world: DocumentedWorld;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'documented-'));
  const auditDir = join(folder, 'audit');
  mkdirSync(auditDir);
  copyFileSync(join(projectRoot, '.env.example'), join(folder, '.env.example'));
  const approval = { above: { usd: APPROVED_ABOVE }, withinMs: 3_600_000 };
  const policy = { approval, retryBudgetMs: 1_500 };
  waybill = await startWaybill(policy, { webhooks: true }, { api: { auditDir, keys: KEYS } });
  world = await fillDocumentedWorld(waybill);
});
afterAll(async () => {
  await world?.stop();
  await waybill?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(command: string, env: Readonly<Record<string, string>> = process.env as never) {
  return (await promisify(execFile)('sh', ['-ec', command], { cwd: folder, env })).stdout;
}

describe('a command in a document', () => {
  it('is of a kind that is tried here', () => {
    expect(COMMANDS.length).toBeGreaterThan(20);
    const tried = starting('curl', 'npm', 'npx waybill', 'temporal', 'cp', 'set', 'export', 'echo');
    expect(COMMANDS.filter((command) => !tried.includes(command))).toEqual([]);
  });

  it.each(starting('curl'))('%s: %s', async (_, command) => {
    const here = command
      .replace('http://127.0.0.1:3000', waybill.apiUrl)
      .replace('localhost:12111', new URL(waybill.sandboxUrl).host);
    expect(here).not.toBe(command);
    const answer = await run(`${here} -w '\\n%{http_code}'`);
    expect(answer).toMatch(/\n2\d\d$/);
  });

  it.each(starting('temporal'))('%s: %s', async (_, command) => {
    const temporal = inject('temporal');
    if ('missing' in temporal) throw new Error(temporal.missing);
    const here = command.replace(/^temporal/, temporal.path).replace('order/ORDER', 'order/order-17');
    const { namespace } = waybill.env.client.options;
    await run(`${here} --address ${waybill.env.address} --namespace ${namespace}`);
    await vi.waitFor(async () => {
      const { body } = await request(waybill, 'GET', '/v1/orders/order-17/timeline');
      // Nothing is stuck: it arrived, and it was understood.
      expect(JSON.stringify(body)).toContain('Nothing needs attention here.');
    }, WITHIN);
  });

  it.each(starting('cp', 'set', 'export', 'echo'))('%s: %s', async (_, command) => {
    await run(command);
  });

  /** On a terminal it would ask first; without one it refuses and says what to add. */
  it.each(starting('npx waybill'))('%s: %s', async (_, command) => {
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      NO_COLOR: '1',
      WAYBILL_URL: waybill.apiUrl,
      WAYBILL_API_KEYS_FILE: join(folder, 'keys.json'),
    };
    const tryIt = async (line: string) => {
      const here = (await world.prepared(line))
        .replace('/var/log/waybill/audit', join(folder, 'audit'))
        .replace(/audit-\S+:HASH/, () => headOf(join(folder, 'audit')))
        .replace(/^npx waybill/, `'${process.execPath}' '${BIN}'`);
      await run(here, env);
    };
    await tryIt(command).catch(async (error: { code: number; stderr: string }) => {
      expect(error).toMatchObject({ code: 2, stderr: expect.stringContaining('give --yes') });
      await tryIt(`${command} --yes`);
    });
  });
});

/** Where an audit log ended, as the service's ordinary log has it. */
function headOf(auditDir: string): string {
  const [file = ''] = readdirSync(auditDir).sort();
  const last = readFileSync(join(auditDir, file), 'utf8').trim().split('\n').at(-1) ?? '';
  const { seq, hash } = JSON.parse(last);
  return `${file}:${seq}:${hash}`;
}
