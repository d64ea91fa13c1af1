/** What concerns the whole installation: it is no order's, transfer's, payout's or account's, and in no list. */
export interface InstallationNeed {
  readonly code: keyof typeof WHERE_TO_LOOK;
  readonly count: number;
  /** RFC 3339; null: not known. */
  readonly since: string | null;
  readonly message: string;
}

/** By code, each an entry of the runbook. */
export const WHERE_TO_LOOK = {
  unreconciled: 'money is not explained: waybill recon show',
  reconciliation_failed: 'the last reconciliation failed: docs/runbook.md#reconciliation_failed',
  subscriber_disabled: 'a subscriber gets no events any more: waybill doctor',
  event_not_accepted: 'a subscriber lacks an event that it did not take: docs/runbook.md#event_not_accepted',
  event_undelivered: 'an event of Stripe’s reached no order: docs/runbook.md#event_undelivered',
} as const;

/** What the API's metrics say of it; null: they do not have it now. */
export function installationNeeds(metrics: string): InstallationNeed[] | null {
  if (!/^waybill_state_up\{part="attention"\} 1$/m.test(metrics)) return null;
  const counts = valuesOf(metrics, 'waybill_attention');
  const oldest = valuesOf(metrics, 'waybill_attention_oldest_timestamp_seconds');
  return Object.entries(WHERE_TO_LOOK).flatMap(([code, message]) => {
    const count = counts.get(code) ?? 0;
    const since = oldest.get(code);
    if (count === 0) return [];
    const at = since === undefined ? null : new Date(since * 1_000).toISOString();
    return [{ code: code as InstallationNeed['code'], count, since: at, message }];
  });
}

/** By code. */
function valuesOf(metrics: string, name: string): ReadonlyMap<string, number> {
  const samples = metrics.matchAll(new RegExp(`^${name}\\{code="(\\w+)"\\} (\\S+)$`, 'gm'));
  return new Map([...samples].map(([, code = '', value]) => [code, Number(value)]));
}
