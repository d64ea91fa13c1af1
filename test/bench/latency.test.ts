import { expect, it } from 'vitest';
import { measureLatency } from '../../bench/latency/measure.ts';
import { latencyReport } from '../../bench/latency/report.ts';
import { ensureBuilt } from '../support/build.ts';

it('what an answer takes beyond bare is reckoned without Stripe’s time, of the middle order and of the slowest', () => {
  const order = (total: number, stripe: number) => ({
    total,
    toTemporal: 1,
    toWorker: 2,
    inWorker: total - 4,
    back: 1,
    stripe,
  });
  const bare = { name: 'bare', legs: [order(10, 0), order(11, 0), order(40, 0)] };
  const waybill = { name: 'waybill', legs: [order(90, 30), order(30, 5), order(29, 3)] };
  const text = latencyReport([bare, waybill]);
  expect(text).toContain('Beyond bare and Stripe an authorized answer takes 15.0 ms (p50), 20.0 ms (p99).');
  expect(text).toContain('| in the worker, without Stripe | 7.0 / 36.0 | 22.0 / 56.0 |');
});

it('the bench of latency tells apart what Temporal, the worker and Stripe take of an authorized answer', async () => {
  ensureBuilt();
  const text = await measureLatency({ orders: 4, warmUpOrders: 1, progress: () => undefined });
  expect(text).toMatch(/^4 orders of each/);
  expect(text).toMatch(/^\| at Stripe \| 0\.0 \/ 0\.0 \| [1-9]\d*\.\d \/ [\d.]+ \|$/m);
  for (const leg of ['to Temporal', 'to a worker', 'in the worker, without Stripe', 'back to the caller'])
    expect(text).toMatch(new RegExp(`^\\| ${leg}( \\| [\\d.]+ / [\\d.]+){2} \\|$`, 'm'));
}, 600_000);
