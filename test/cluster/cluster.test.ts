import { afterAll, beforeAll, expect, it } from 'vitest';
import { Caller } from '../../dev/chaos/caller.ts';
import { runDrill } from '../../dev/chaos/drill.ts';
import { linesOf } from '../../dev/chaos/report.ts';
import type { System } from '../../dev/chaos/system.ts';
import { clusterUnderTest } from '../../dev/chaos/system.ts';
import { noCluster } from '../../dev/cluster/system-programs.ts';
import { ensureBuilt } from '../support/build.ts';
import { needs } from '../support/needs.ts';
import { testSeed } from '../support/seed.ts';

const SEED = testSeed();
const ORDERS = 40;

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

  it(`loses nothing and does nothing twice while PostgreSQL and Temporal's roles are killed and cut off (seed ${SEED})`, async () => {
    const report = await runDrill(system, { orders: ORDERS, seed: SEED, report: () => undefined });
    expect(report.violations, linesOf(report).join('\n')).toEqual([]);
    expect(Object.keys(report.faults).join()).toContain('postgres');
    expect(Object.keys(report.faults).join()).toContain('temporal-history');
    expect(Object.keys(report.faults).join()).toMatch(/cut [\w-]+ from /);
  }, 900_000);
});
