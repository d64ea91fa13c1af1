import type { PayoutFacts } from '../../domain/payouts/payout.ts';

/** What the timeline is to say of a payout at a bank that was not known before: its number there, and who reversed it. */
export function newTraces(before: PayoutFacts | null, now: PayoutFacts | null) {
  if (now === null) return [];
  const known = before?.id === now.id ? before : null;
  const { traceId, reversedBy } = now;
  const ofStripe = { type: 'event', cause: null, actor: 'stripe' } as const;
  return [
    ...(traceId?.value && traceId.value !== known?.traceId?.value
      ? [{ ...ofStripe, name: 'trace_id', detail: traceId.value, stripeId: now.id }]
      : []),
    ...(reversedBy && reversedBy !== known?.reversedBy
      ? [{ ...ofStripe, name: 'payout_reversed', detail: `by ${reversedBy}`, stripeId: now.id }]
      : []),
  ];
}
