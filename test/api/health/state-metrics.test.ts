import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { Backend } from '../../../api/backend/backend.ts';
import { StateMetrics } from '../../../api/health/state-metrics.ts';

it('what could not be read is read again at the next scrape, and the rest is not', async () => {
  const registry = new Registry();
  let parkedReads = 0;
  let orderReads = 0;
  const metrics = new StateMetrics({
    logger: pino({ level: 'silent' }),
    metrics: { registry },
    installation: {
      ordersByStatus: async () => [['authorized', ++orderReads]],
      async parkedEvents() {
        parkedReads += 1;
        if (parkedReads === 1) throw new Error('Temporal is busy.');
        return 7;
      },
    },
    reconciliation: {},
  } as unknown as Backend);

  await metrics.refresh();
  expect(await registry.metrics()).toContain('waybill_state_up{part="parked_events"} 0');
  await metrics.refresh();
  const text = await registry.metrics();
  expect(text).toContain('waybill_state_up{part="parked_events"} 1');
  expect(text).toContain('waybill_stripe_events_parked 7');
  await metrics.refresh();
  expect([parkedReads, orderReads]).toEqual([2, 1]);
});
