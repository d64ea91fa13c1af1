import { readText } from './api.mjs';
import { samplesOf } from './metrics.mjs';

/** What concerns the whole installation is in no list: where it is shown, by its code in the runbook. */
export const ELSEWHERE = {
  unreconciled: '/reconciliation',
  reconciliation_failed: '/reconciliation',
  subscriber_disabled: '/webhooks',
  event_not_accepted: '/webhooks',
  event_undelivered: '/webhooks',
};

/** The codes that there are. `isKnown`: whether the metrics have any such thing now. */
export async function readInstallation() {
  const metrics = await readText('/v1/metrics');
  const codes = samplesOf(metrics, 'waybill_attention')
    .filter(({ value }) => value > 0)
    .map(({ labels }) => labels.code);
  const isKnown = samplesOf(metrics, 'waybill_state_up').some(
    ({ labels, value }) => labels.part === 'attention' && value === 1,
  );
  return { codes: codes.filter((code) => code in ELSEWHERE), isKnown };
}
