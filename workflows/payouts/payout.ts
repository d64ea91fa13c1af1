import { continueAsNew } from '@temporalio/workflow';
import type { PayoutInput } from '../../contract/payouts.ts';
import { PAYOUT_INPUT } from '../../domain/commands/workflow-input.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { runEntity } from '../entity/command-loop.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import type { Carried } from '../shared/snapshots.ts';
import { upgrade } from '../shared/snapshots.ts';
import { carryOutOnPayout, payOut } from './handle-payout-command.ts';
import type { PayoutWork } from './payout-inbox.ts';
import { openPayoutInbox } from './payout-inbox.ts';
import type { PayoutSnapshot } from './payout-record.ts';
import { PayoutRecord } from './payout-record.ts';
import { lookAgain, payoutTimers } from './payout-timers.ts';
import { viewOfPayout } from './payout-visibility.ts';

/**
 * One payout of a connected account: waits for funds if asked to, is created, and is watched until its bank keeps it
 * or gives it back. Fails only if Stripe refused it: nothing of it exists.
 */
export async function payout(
  input: PayoutInput,
  carried?: Carried<PayoutSnapshot, PayoutWork>,
): Promise<Payout> {
  refuseNonsense(input, PAYOUT_INPUT);
  const record = new PayoutRecord(input, carried && upgrade('payout', carried));
  const inbox = openPayoutInbox(record);
  if (carried) inbox.takeOver(carried.waiting);

  await runEntity(record, inbox, {
    begin: carried ? null : () => payOut(record),
    handle: (work) => (work.type === 'command' ? carryOutOnPayout(record, work.command) : lookAgain(record)),
    timers: () => payoutTimers(record),
    view: () => viewOfPayout(record.payout),
    continueAsNew: (waiting) => continueAsNew<typeof payout>(input, { ...record.snapshot(), waiting }),
  });
  return record.payout;
}
