import { firstNeed } from '../orders/needs.ts';
import type { Payout } from '../payouts/payout.ts';
import { stripePayoutOf } from '../payouts/payout.ts';
import { payoutNotices } from '../payouts/payout-notices.ts';
import { presentPayout } from '../payouts/present-payout.ts';
import type { EventTypeOf } from './event-types.ts';
import { newsOfNeed } from './need-news.ts';
import type { News, Publisher } from './outgoing-event.ts';

export interface PayoutStanding {
  readonly status: Payout['state']['status'];
  /** At Stripe; a failed one is made again as another. */
  readonly payout: string | null;
  readonly need: string | null;
}

export const PAYOUT_EVENTS = {
  kind: 'payout',
  unborn: { status: 'creating', payout: null, need: null },
  idOf: ({ terms }) => terms.id,
  standingOf: (payout) => ({
    status: payout.state.status,
    payout: stripePayoutOf(payout)?.id ?? null,
    need: firstNeed(payout.attention, payoutNotices(payout))?.code ?? null,
  }),
  newsOf: (before, _, now) => [...newsOfStatus(before, now), ...newsOfNeed('payout', before.need, now.need)],
  present: (payout) => presentPayout(payout),
} satisfies Publisher<Payout, PayoutStanding>;

const STATUS_NEWS: Readonly<Record<PayoutStanding['status'], EventTypeOf<'payout'> | null>> = {
  creating: null,
  waiting_for_funds: 'payout.waiting_for_funds',
  pending: 'payout.created',
  in_transit: 'payout.in_transit',
  paid: 'payout.paid',
  failed: 'payout.failed',
  canceled: 'payout.canceled',
};

function newsOfStatus(before: PayoutStanding, { status, payout }: PayoutStanding): readonly News<'payout'>[] {
  const type = STATUS_NEWS[status];
  const isNew = status !== before.status || payout !== before.payout;
  return type && isNew ? [{ type, subject: payout }] : [];
}
