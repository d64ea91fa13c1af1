import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClusterPart } from '../../dev/cluster/parts.ts';
import { secretOf } from '../../dev/cluster/place.ts';
import { type Cluster, startCluster } from '../../dev/cluster/start-cluster.ts';
import { noCluster } from '../../dev/cluster/system-programs.ts';
import { type Drill, drillOn } from '../chaos/drill.ts';
import { ensureBuilt } from '../support/build.ts';
import { needs } from '../support/needs.ts';

const ORDERS = 3;

needs(await noCluster(process.env))('a cluster', () => {
  let cluster: Cluster;
  let drill: Drill<ClusterPart>;
  beforeAll(async () => {
    ensureBuilt();
    cluster = await startCluster({
      ports: 'free',
      scope: 'all',
      env: process.env,
      supervise: true,
      report: () => undefined,
    });
    const keys = await secretOf(cluster.place, 'waybill_api_keys');
    drill = drillOn<ClusterPart>({
      urls: cluster.urls,
      apiKey: /:ops:(.+)/.exec(keys)?.[1] ?? '',
      killAndRestart: (victim) => cluster.processes[victim].kill('SIGKILL'),
      stop: () => cluster.stop(),
    });
  }, 600_000);
  afterAll(() => drill?.stop(), 60_000);

  it('takes orders through its proxy, where the sandbox sends its events too', async () => {
    const [account] = await drill.play(null, 'calm', 1);
    expect(account).toMatchObject({ order: { status: 'captured', amount_refunded: 350 }, charges: 1 });
    await fetch(`${cluster.urls.sandbox}/_sandbox/webhooks/settle`, { method: 'POST' });
    const response = await fetch(`${cluster.urls.sandbox}/_sandbox/webhooks?type=charge.*`);
    const { data } = (await response.json()) as { data: { state: string }[] };
    expect(data.map(({ state }) => state)).toEqual(data.map(() => 'succeeded'));
    expect(data.length).toBeGreaterThan(1);
  }, 60_000);

  it.each([
    ['worker-1', 3],
    ['api-1', 2],
    ['proxy', 4],
    ['temporal-history', 5],
    ['temporal-matching', 3],
    ['temporal-frontend', 4],
    ['postgres', 5],
  ] as const)(
    'no cent moves twice on a cluster when %s is killed after request %i',
    async (victim, afterRequests) => {
      const accounts = await drill.play({ victim, afterRequests }, `${victim}-${afterRequests}`, ORDERS);
      for (const account of accounts) {
        expect(account).toMatchObject({
          order: { status: 'captured', amount_captured: 1000, amount_refunded: 350, needs_attention: null },
          charges: 1,
          amountCaptured: 1000,
          refunds: [100, 250],
        });
      }
      expect(await drill.unbalanced()).toEqual([]);
    },
    180_000,
  );
});
