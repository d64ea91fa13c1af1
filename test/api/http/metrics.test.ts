import { expect, it } from 'vitest';
import { createMetrics } from '../../../api/http/metrics.ts';
import { WITHIN } from '../../support/within.ts';

it('the event loop is looked at ten times a second, not a hundred', async () => {
  const { registry } = createMetrics();
  // Node counts the time from one look to the next. Not a number before the second.
  const meanSeconds = async () => {
    const [, mean] = /^nodejs_eventloop_lag_mean_seconds (\S+)$/m.exec(await registry.metrics()) ?? [];
    return Number(mean);
  };
  await expect.poll(meanSeconds, { ...WITHIN, interval: 500 }).toBeGreaterThan(0.08);
});
