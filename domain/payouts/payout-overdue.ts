import type { Notice } from '../attention/notice.ts';
import { utcDay } from '../rfc3339.ts';
import type { AccountFunds, Payout, PayoutTerms } from './payout.ts';
import { explainMissingFunds, spendable } from './payout-failures.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Milliseconds that a payout may wait for funds of which too little is on its way. */
export const FUNDED_WITHIN_MS = 7 * DAY_MS;

/** Milliseconds after the arrival date by which Stripe has said what became of a payout: where banks report late, more than a week. */
export const CONFIRMED_WITHIN_MS = 10 * DAY_MS;

/** Nobody may wait indefinitely, neither for funds nor for a bank. `since`: when it came to its present status; `now`: both in milliseconds since the epoch. */
export function isPayoutOverdue(
  { state, terms, createdAt }: Pick<Payout, 'state' | 'terms' | 'createdAt'>,
  since: number,
  now: number,
): boolean {
  switch (state.status) {
    case 'waiting_for_funds':
      return now - since >= FUNDED_WITHIN_MS && !isOnItsWay(state.funds, terms);
    case 'pending':
    case 'in_transit':
      return now - Math.max(state.payout.arrivalDate, createdAt) >= CONFIRMED_WITHIN_MS;
    default:
      return false;
  }
}

/** What is missing now will be there: a payout that has enough and is not made anyway is not waiting for that. */
function isOnItsWay(
  funds: AccountFunds,
  { amount, method }: Pick<PayoutTerms, 'amount' | 'method'>,
): boolean {
  const available = spendable(funds, method);
  const pending = funds.pending.reduce((sum, part) => sum + part.amount, 0);
  return available < amount && available + pending >= amount;
}

/** `subject`: the payout at Stripe, or whose balance it is to leave. There is nothing to decide: it goes with its cause. */
export function overduePayoutNotices(
  { state, terms, overdueSince }: Pick<Payout, 'state' | 'terms' | 'overdueSince'>,
  subject: string,
): readonly Notice[] {
  const message = messageOf(state, terms);
  if (overdueSince === undefined || message === null) return [];
  return [
    {
      code: 'payout_overdue',
      subject,
      message,
      since: overdueSince,
      deadline: null,
      allowedActions: [],
      acknowledgedBy: null,
    },
  ];
}

function messageOf(state: Payout['state'], terms: PayoutTerms): string | null {
  switch (state.status) {
    case 'waiting_for_funds': {
      const days = FUNDED_WITHIN_MS / DAY_MS;
      const missing = explainMissingFunds(terms, state.funds);
      return `This payout has waited for funds for more than ${days} days. ${missing} It goes on waiting, unless somebody cancels it.`;
    }
    case 'pending':
    case 'in_transit':
      return (
        `The bank should have had this payout on ${utcDay(state.payout.arrivalDate)}, and Stripe still shows it as ${state.status}: ` +
        'whether the money has arrived is unknown. Waybill keeps reading it.'
      );
    default:
      return null;
  }
}
