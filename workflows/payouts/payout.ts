import { continueAsNew, setHandler } from '@temporalio/workflow';
import type { PayoutInput } from '../../contract/payouts.ts';
import { payOutUpdate, payoutQuery } from '../../contract/payouts.ts';
import { PAYOUT_INPUT } from '../../domain/commands/workflow-input.ts';
import { payoutWorkflowId } from '../../domain/ids.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import type { PayoutCommand } from '../../domain/payouts/payout-command-table.ts';
import { PAYOUT_COMMANDS } from '../../domain/payouts/payout-command-table.ts';
import { refusalOfPayoutCommand } from '../../domain/payouts/payout-refusals.ts';
import { runEntity } from '../entity/command-loop.ts';
import type { StripeNews, Work } from '../entity/inbox.ts';
import { Inbox } from '../entity/inbox.ts';
import { refuseCopy, refuseNonsense } from '../entity/refuse-nonsense.ts';
import type { Carried } from '../shared/snapshots.ts';
import { upgrade } from '../shared/snapshots.ts';
import { handlePayoutCommand, payOut } from './handle-payout-command.ts';
import type { PayoutSnapshot } from './payout-record.ts';
import { PayoutRecord } from './payout-record.ts';
import { payoutTimers, readAgain } from './payout-timers.ts';
import { viewOfPayout } from './payout-visibility.ts';

/** What the payout has to do next. */
type PayoutWork = Work<PayoutCommand, StripeNews>;
type PayoutInbox = Inbox<PayoutCommand, Payout, StripeNews>;

/**
 * One payout of a connected account: waits for funds if asked to, is created, and is watched until its bank keeps it
 * or gives it back. Fails only if Stripe refused it: nothing of it exists.
 */
export async function payout(
  input: PayoutInput,
  carried?: Carried<PayoutSnapshot, PayoutWork>,
): Promise<Payout> {
  refuseNonsense(input, PAYOUT_INPUT);
  refuseCopy(payoutWorkflowId(input.terms.id), 'terms.id');
  const record = new PayoutRecord(input, carried && upgrade('payout', carried));
  const inbox = openPayoutInbox(record);
  if (carried) inbox.takeOver(carried.waiting);

  await runEntity(record, inbox, {
    begin: carried ? null : () => payOut(record),
    handle: (work) =>
      work.type === 'command' ? handlePayoutCommand(record, work.command) : readAgain(record),
    timers: () => payoutTimers(record),
    view: () => viewOfPayout(record.payout),
    continueAsNew: (waiting) => continueAsNew<typeof payout>(input, { ...record.snapshot(), waiting }),
  });
  return record.payout;
}

/** All messages that a payout takes. */
function openPayoutInbox(record: PayoutRecord): PayoutInbox {
  const inbox: PayoutInbox = new Inbox(record, (command) => refusalOfPayoutCommand(record.payout, command));
  const { terms, payOut } = record.input;
  inbox.begins(payOutUpdate, payOut, { kind: 'payout', id: terms.id });
  inbox.takes(PAYOUT_COMMANDS);
  inbox.onStripeEvent({ type: 'stripe_event' });
  setHandler(payoutQuery, () => record.payout, { description: 'The payout, as its workflow knows it' });
  return inbox;
}
