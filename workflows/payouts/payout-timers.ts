import { stripePayoutOf } from '../../domain/payouts/payout.ts';
import { spendable } from '../../domain/payouts/payout-failures.ts';
import { isPayoutOverdue } from '../../domain/payouts/payout-overdue.ts';
import { approvalTimers } from '../entity/approvals.ts';
import { isStuck } from '../entity/perform.ts';
import type { Rhythm } from '../entity/readings.ts';
import { failedReadTimers, readFromStripe } from '../entity/readings.ts';
import type { Timer } from '../entity/timer.ts';
import { HOUR_MS, SECOND_MS, workflowNow } from '../shared/time.ts';
import { attemptPayout } from './handle-payout-command.ts';
import type { PayoutRecord } from './payout-record.ts';

const UNTIL_PAID: Rhythm = { firstMs: SECOND_MS, maxMs: 6 * HOUR_MS };
const WATCH_PAID: Rhythm = { firstMs: HOUR_MS, maxMs: 24 * HOUR_MS };
/** Funds arrive a moment after the time that Stripe names. */
const FUNDS_SETTLE_MS = 5 * SECOND_MS;

/** When the payout is read again without an event. */
export function payoutTimers(record: PayoutRecord): readonly Timer[] {
  const unapproved = approvalTimers(record, (command, why) => record.giveUpUnapproved(command, why));
  if (record.blocked || record.attention) return unapproved;
  const read = () => readAgain(record);
  const next = nextReading(record, read);
  return next ? [next, ...failedReadTimers(record, read), ...unapproved] : unapproved;
}

function nextReading(record: PayoutRecord, read: () => Promise<void>): Timer | null {
  const { rereads, input } = record;
  const { state } = record.payout;
  switch (state.status) {
    case 'waiting_for_funds': {
      const arrival = state.funds.pending.find(({ availableOn }) => availableOn > workflowNow());
      return rereads.timer(UNTIL_PAID, read, arrival && arrival.availableOn + FUNDS_SETTLE_MS);
    }
    case 'pending':
    case 'in_transit':
      return rereads.timer(UNTIL_PAID, read);
    case 'paid': {
      if (record.isWatchOver) return null;
      // The read at the watch's end is repeated if it fails, at the distances of every failed read.
      const atLatest = record.failedReads ? undefined : rereads.since + input.policy.watchPaidMs;
      return rereads.timer(WATCH_PAID, read, atLatest);
    }
    default:
      return null;
  }
}

/** Reads the payout from Stripe; while it waits for funds, reads those, and creates it once they suffice. */
export async function readAgain(record: PayoutRecord): Promise<void> {
  const { payout, blocked, input } = record;
  if (blocked || payout.attention) return;
  const { connectedAccount } = input.terms;
  if (payout.state.status === 'waiting_for_funds') {
    await createOnceFunded(record);
    return;
  }
  const known = stripePayoutOf(payout);
  if (known === null) return;
  const seen = await readFromStripe(record, 'read the payout', ({ readPayout }) =>
    readPayout(connectedAccount, known.id),
  );
  if (isStuck(seen)) return;
  record.observe({ type: 'payout_observed', payout: seen });
  noteOverdue(record);
  const isOver = workflowNow() >= record.rereads.since + input.policy.watchPaidMs;
  if (record.payout.state.status === 'paid' && isOver) record.endWatch();
}

async function createOnceFunded(record: PayoutRecord): Promise<void> {
  const { terms, payOut } = record.input;
  const { connectedAccount, currency } = terms;
  const funds = await readFromStripe(record, 'read the funds', ({ readFunds }) =>
    readFunds(connectedAccount, currency),
  );
  if (isStuck(funds)) return;
  if (spendable(funds, terms.method) >= terms.amount) await attemptPayout(record, payOut);
  else record.apply({ type: 'funds_awaited', funds }, null);
  noteOverdue(record);
}

function noteOverdue(record: PayoutRecord): void {
  const now = workflowNow();
  const { payout, rereads } = record;
  const isOverdue = isPayoutOverdue(payout, rereads.since, now);
  if (isOverdue !== (payout.overdueSince !== undefined)) {
    record.apply({ type: 'overdue', at: isOverdue ? now : null }, null);
  }
}
