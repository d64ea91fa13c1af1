import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Caller } from '../../dev/chaos/caller.ts';
import { runDrill } from '../../dev/chaos/drill.ts';
import { linesOf } from '../../dev/chaos/report.ts';
import type { System } from '../../dev/chaos/system.ts';
import { clusterUnderTest } from '../../dev/chaos/system.ts';
import { noCluster } from '../../dev/cluster/system-programs.ts';
import type { ManagedProcess } from '../../dev/processes/managed-process.ts';
import { createOrder, sandboxRequests } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { needs } from '../support/needs.ts';
import { testSeed } from '../support/seed.ts';

const SEED = testSeed();
const ORDERS = 40;
const AT_A_FULL_DISK = 8;
const BACK_WITHIN = { timeout: 120_000, interval: 500 };

/** Neither it nor its processes may write a file any more: the kernel refuses, as a full disk does. */
async function limitPostgres({ pid }: ManagedProcess): Promise<void> {
  const connections = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  for (const each of [String(pid), ...connections.trim().split(' ')]) {
    try {
      // Only its own user may limit a process, and root where nothing is taken from it.
      const { uid, gid } = await stat(`/proc/${each}`);
      execFileSync('prlimit', ['--pid', each, '--fsize=0:unlimited'], { uid, gid });
    } catch (error) {
      if (existsSync(`/proc/${each}`)) throw error;
    }
  }
}

needs(await noCluster(process.env))('a cluster', () => {
  let system: System;
  beforeAll(async () => {
    ensureBuilt();
    system = await clusterUnderTest(() => undefined);
  }, 600_000);
  afterAll(() => system?.stop());

  it('takes orders through its proxy, where the sandbox sends its events too', async () => {
    const caller = new Caller({ url: system.urls.api, apiKey: system.apiKey });
    const terms = { amount: 1000, currency: 'usd', payment_method: 'pm_card_visa' };
    const body = { ...terms, connected_account: 'acct_1WaybillUSCustom', capture_method: 'automatic' };
    const made = await caller.post('/v1/orders', 'calm', body);
    expect(made).toMatchObject({ status: 201, body: { status: 'captured' } });
    await fetch(`${system.urls.sandbox}/_sandbox/webhooks/settle`, { method: 'POST' });
    const response = await fetch(`${system.urls.sandbox}/_sandbox/webhooks?type=payment_intent.*`);
    const { data } = (await response.json()) as { data: { state: string }[] };
    expect(data.map(({ state }) => state)).toEqual(data.map(() => 'succeeded'));
    expect(data.length).toBeGreaterThan(0);
  });

  it('loses nothing and pays nothing twice when the disk is full under PostgreSQL', async () => {
    const at = { apiUrl: system.urls.api, sandboxUrl: system.urls.sandbox };
    const headers = { authorization: `Bearer ${system.apiKey}` };
    const order = (id: string) => createOrder(at, { id }, { key: id, headers });
    const paymentsMade = async () =>
      (await sandboxRequests(at)).filter(
        ({ method, path, status, replayed }) =>
          method === 'POST' && path === '/v1/payment_intents' && status === 200 && !replayed,
      ).length;
    const { postgres } = system.processes;
    if (!postgres) throw new Error('The cluster has no PostgreSQL.');
    expect(await order('before')).toMatchObject({ status: 201 });
    const madeBefore = await paymentsMade();
    await limitPostgres(postgres);

    const ids = Array.from({ length: AT_A_FULL_DISK }, (_, n) => `full-${n}`);
    for (const { status, body } of await Promise.all(ids.map(order)))
      expect({ ...body, status }).toMatchObject({ status: 503, code: 'unavailable', retryable: true });

    // It gives up where it cannot write its log, and whoever looks after it starts it again once there is room.
    await vi.waitFor(() => expect(postgres.pid).toBeUndefined(), BACK_WITHIN);
    await postgres.start();
    await vi.waitFor(async () => {
      for (const id of ids) expect(await order(id)).toMatchObject({ status: 201 });
    }, BACK_WITHIN);
    expect(await order('before')).toMatchObject({ body: { status: 'authorized' } });
    expect((await paymentsMade()) - madeBefore).toBe(AT_A_FULL_DISK);
  }, 300_000);

  it(`loses nothing and does nothing twice while PostgreSQL and Temporal's roles are killed and cut off (seed ${SEED})`, async () => {
    const report = await runDrill(system, { orders: ORDERS, seed: SEED, report: () => undefined });
    expect(report.violations, linesOf(report).join('\n')).toEqual([]);
    const faults = Object.keys(report.faults);
    expect(faults).toEqual(
      expect.arrayContaining([
        'kill postgres',
        'kill temporal-history',
        'kill temporal-matching',
        'kill temporal-frontend',
        expect.stringMatching(/^cut temporal-[a-z]+ from postgres$/),
      ]),
    );
    expect(report.restarts).toBeGreaterThanOrEqual(faults.filter((kind) => kind.startsWith('kill ')).length);
  }, 900_000);
});
