import type { CreatePayoutOperation } from '../../contract/payout-operations.ts';
import { isDecision, needsApproval, stakeOfWhole } from '../../domain/commands/approval.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import type { OperationStamp } from '../../domain/commands/operation-stamp.ts';
import type { Resolve } from '../../domain/commands/resolve-command.ts';
import type { PayoutFacts } from '../../domain/payouts/payout.ts';
import { stripePayoutOf } from '../../domain/payouts/payout.ts';
import type { HeldPayoutCommand, PayoutCommand } from '../../domain/payouts/payout-command-table.ts';
import { refusalOfPayoutCommand } from '../../domain/payouts/payout-refusals.ts';
import { decide, hold } from '../entity/approvals.ts';
import { resolveAttention } from '../entity/attention.ts';
import { newStamp } from '../entity/perform.ts';
import { performAndRecord } from '../entity/perform-and-record.ts';
import { workflowNow } from '../shared/time.ts';
import type { PayoutRecord } from './payout-record.ts';

/** What the workflow is for. */
export async function payOut(record: PayoutRecord): Promise<void> {
  const command = { ...record.input.payOut, kind: 'pay_out' } as const;
  record.begin('pay_out', command);
  await unlessHeld(record, command);
}

/** Without funds it waits for them, if its caller asked for that. `requestedAt`: when Stripe may first have been asked. */
export async function attemptPayout(
  record: PayoutRecord,
  command: CommandEnvelope,
  requestedAt = record.payout.createdAt,
): Promise<void> {
  const stamp = { ...newStamp(record.input.payOut), requestedAt };
  await performAndRecord(record, command, operationOf(record, { ...stamp, generation: record.attempts }));
}

/** Until the command has ended, or an operator has to look. */
export async function handlePayoutCommand(record: PayoutRecord, command: PayoutCommand): Promise<void> {
  const refusal = refusalOfPayoutCommand(record.payout, command);
  if (refusal) record.endCommand(command, 'refused', refusal);
  else await unlessHeld(record, command);
}

async function unlessHeld(record: PayoutRecord, command: HeldPayoutCommand): Promise<void> {
  const { approval } = record.input.policy;
  const stake = stakeOfWhole(record.payout.terms, command);
  if (approval && needsApproval(approval, stake)) hold(record, command, stake, approval);
  else await execute(record, command);
}

async function execute(record: PayoutRecord, command: HeldPayoutCommand, isApproved = false): Promise<void> {
  if (command.kind === 'pay_out') {
    // Not before it was approved: a day's limit is that of this day.
    await attemptPayout(record, command, isApproved ? workflowNow() : undefined);
  } else if (isDecision(command)) {
    await decide(record, command, {
      execute: (approved) => executeApproved(record, approved),
      giveUp: (declined, why) => record.giveUpUnapproved(declined, why),
    });
  } else if (command.kind === 'cancel') {
    await cancel(record, command, stripePayoutOf(record.payout));
  } else if (record.blocked) {
    await resolveAttention(record, command);
  } else {
    record.note({ type: 'attention', name: command.action, cause: command, detail: command.reason });
    await (command.action === 'retry' ? retry(record, command) : giveUp(record, command));
  }
}

/** What was stuck may have come to its end while a decision about it waited. */
async function executeApproved(record: PayoutRecord, approved: HeldPayoutCommand): Promise<void> {
  const refusal = approved.kind === 'pay_out' ? null : refusalOfPayoutCommand(record.payout, approved);
  if (refusal) record.endCommand(approved, 'refused', refusal);
  else await execute(record, approved, true);
}

async function cancel(record: PayoutRecord, command: CommandEnvelope, payout: PayoutFacts | null) {
  const { terms } = record.input;
  if (payout === null) {
    record.apply({ type: 'given_up' }, command);
    record.endCommand(command, 'done');
    return;
  }
  await performAndRecord(record, command, {
    operation: 'cancel_payout',
    payoutId: terms.id,
    ...newStamp(command),
    connectedAccount: terms.connectedAccount,
    payout: payout.id,
  });
}

/** A failed payout is made again as a new one, named after the decision; a refused one is asked for again. */
async function retry(record: PayoutRecord, decision: CommandEnvelope & Resolve): Promise<void> {
  if (record.payout.state.status !== 'failed') {
    record.showAttention(null, decision);
    await attemptPayout(record, decision);
    return;
  }
  await performAndRecord(record, decision, operationOf(record, newStamp(decision)));
}

/** The money stays in the account's balance. */
function giveUp(record: PayoutRecord, decision: CommandEnvelope): void {
  const { status } = record.payout.state;
  record.apply({ type: status === 'failed' ? 'failure_accepted' : 'given_up' }, decision);
  record.showAttention(null, decision);
  record.endCommand(decision, 'done');
}

function operationOf({ input }: PayoutRecord, stamp: OperationStamp): CreatePayoutOperation {
  const { terms, payOut } = input;
  return { operation: 'payout', payoutId: terms.id, ...stamp, requestHash: payOut.requestHash, terms };
}
