import { continueAsNew } from '@temporalio/workflow';
import type { PayoutInput } from '../../contract/payouts.ts';
import { PAYOUT_INPUT } from '../../domain/commands/workflow-input.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { runEntity } from '../entity/command-loop.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import { createShow } from '../entity/show.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { upgrade } from '../shared/snapshots.ts';
import { carryOutOnPayout, createPayout } from './payout-commands.ts';
import { openPayoutInbox } from './payout-inbox.ts';
import type { PayoutSnapshot } from './payout-record.ts';
import { PayoutRecord } from './payout-record.ts';
import { lookAgain, nextPayoutTimer } from './payout-timers.ts';
import { viewOfPayout } from './payout-visibility.ts';

/**
 * The life of one payout out of a connected account's balance: waits for funds if asked to, is created, and is
 * watched until its bank has it for good or has given it back. Ends as failed only if Stripe refused it, so that nothing
 * of it exists.
 */
export async function payout(input: PayoutInput, carried?: Versioned<PayoutSnapshot>): Promise<Payout> {
  refuseNonsense(input, PAYOUT_INPUT);
  const record = new PayoutRecord(input, carried && upgrade('payout', carried));
  const inbox = openPayoutInbox(record);
  const show = createShow(viewOfPayout);
  record.whenDelayed = () => show(record.payout);

  await runEntity(record, inbox, {
    begin: carried ? null : () => payOut(record),
    nextTimer: () => nextPayoutTimer(record),
    handle: (work) => (work.type === 'command' ? carryOutOnPayout(record, work.command) : lookAgain(record)),
    publish: () => show(record.payout),
    continueAsNew: () => continueAsNew<typeof payout>(input, record.snapshot()),
  });
  return record.payout;
}

async function payOut(record: PayoutRecord): Promise<void> {
  const command = record.input.payOut;
  record.begin('pay_out', command);
  await createPayout(record, command);
}
