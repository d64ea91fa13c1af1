import { stripePayoutOf } from '../../domain/payouts/payout.ts';
import { spendable } from '../../domain/payouts/payout-failures.ts';
import { probe } from '../entity/attention.ts';
import { concludeRead, failedReadTimers } from '../entity/failed-reads.ts';
import type { Stuck } from '../entity/perform.ts';
import { isStuck, readFunds, readPayout } from '../entity/perform.ts';
import type { Timer } from '../entity/timer.ts';
import { earliest } from '../entity/timer.ts';
import { HOUR_MS, MINUTE_MS, nextRepeatAt, SECOND_MS, workflowNow } from '../shared/time.ts';
import { createPayout } from './payout-commands.ts';
import type { PayoutRecord } from './payout-record.ts';

/** How long to retry reading what nobody waits for. */
const BUDGET = { budgetMs: MINUTE_MS };
const READ_AGAIN_FIRST_MS = SECOND_MS;
const READ_AGAIN_MAX_MS = 6 * HOUR_MS;
const WATCH_PAID_FIRST_MS = HOUR_MS;
const WATCH_PAID_MAX_MS = 24 * HOUR_MS;
/** Funds are there a moment after the time that Stripe names. */
const FUNDS_SETTLE_MS = 5 * SECOND_MS;

/** The payout's next timer; null: none. */
export function nextPayoutTimer(record: PayoutRecord): Timer | null {
  const { payout, blocked } = record;
  if (blocked) return { at: blocked.nextProbeAt, fire: () => probe(record, blocked) };
  if (payout.attention) return null;
  const look = nextLook(record);
  return look && earliest([look, ...failedReadTimers(record, () => lookAgain(record))]);
}

function nextLook(record: PayoutRecord): Timer | null {
  const { payout, since, readings, input } = record;
  const { state } = payout;
  switch (state.status) {
    case 'waiting_for_funds': {
      const arrival = state.funds.pending.find(({ availableOn }) => availableOn > workflowNow());
      const soonest = arrival ? arrival.availableOn + FUNDS_SETTLE_MS : Number.POSITIVE_INFINITY;
      return readTimer(
        record,
        Math.min(nextRepeatAt(since, readings, READ_AGAIN_FIRST_MS, READ_AGAIN_MAX_MS), soonest),
      );
    }
    case 'pending':
    case 'in_transit':
      return readTimer(record, nextRepeatAt(since, readings, READ_AGAIN_FIRST_MS, READ_AGAIN_MAX_MS));
    case 'paid': {
      const end = since + input.policy.watchPaidMs;
      return readTimer(
        record,
        Math.min(nextRepeatAt(since, readings, WATCH_PAID_FIRST_MS, WATCH_PAID_MAX_MS), end),
      );
    }
    default:
      return null;
  }
}

/** Looks at Stripe and records what is new: whether funds are there, or where the payout stands. */
export async function lookAgain(record: PayoutRecord): Promise<void> {
  const { payout, blocked, input } = record;
  if (blocked || payout.attention) return;
  const { connectedAccount } = input.terms;
  if (payout.state.status === 'waiting_for_funds') {
    await createOnceFunded(record);
    return;
  }
  const known = stripePayoutOf(payout);
  if (known === null) return;
  const seen = await readPayout(connectedAccount, known.id, BUDGET);
  noteFundsRead(record, isStuck(seen) ? seen : null);
  if (isStuck(seen)) return;
  record.observe(seen);
  const { state } = record.payout;
  if (state.status === 'paid' && workflowNow() >= record.since + input.policy.watchPaidMs) record.endWatch();
}

async function createOnceFunded(record: PayoutRecord): Promise<void> {
  const { terms, payOut } = record.input;
  const funds = await readFunds(terms.connectedAccount, terms.currency, BUDGET);
  noteFundsRead(record, isStuck(funds) ? funds : null);
  if (isStuck(funds)) return;
  if (spendable(funds, terms.method) >= terms.amount) await createPayout(record, payOut);
  else record.apply({ type: 'funds_awaited', funds }, null);
}

function noteFundsRead(record: PayoutRecord, stuck: Stuck | null): void {
  const news = concludeRead(record, stuck, record.payout.unreadable);
  if (news) record.noteUnreadable(news.failure);
}

function readTimer(record: PayoutRecord, at: number): Timer {
  return {
    at,
    fire: () => {
      record.countReading();
      return lookAgain(record);
    },
  };
}
