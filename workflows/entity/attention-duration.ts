import { metricMeter } from '@temporalio/workflow';
import type { Asks } from '../shared/need-attributes.ts';
import { workflowNow } from '../shared/time.ts';

const durations = () =>
  metricMeter.createHistogram(
    'waybill_attention_duration_seconds',
    'float',
    's',
    'From the moment something asked for a person until it no longer did',
  );

/** Measures how long each need lasted that has ended. Not measured again in a replay. */
export function measureEnded(before: readonly Asks[], after: readonly Asks[]): void {
  const lasts = ({ code, since }: Asks) => after.some((need) => need.code === code && need.since === since);
  for (const { code, since } of before.filter((need) => !lasts(need))) {
    durations().record((workflowNow() - since) / 1_000, { code });
  }
}
