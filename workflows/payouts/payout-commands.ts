import type { CreatePayoutOperation } from '../../contract/payout-operations.ts';
import type { CommandEnvelope, Resolve } from '../../domain/commands/commands.ts';
import type { PayoutFacts } from '../../domain/payouts/payout.ts';
import { refusalOfPayoutCommand, stripePayoutOf } from '../../domain/payouts/payout.ts';
import { carryThrough, resolveAttention } from '../entity/attention.ts';
import { workflowNow } from '../shared/time.ts';
import type { PayoutCommand, PayoutRecord } from './payout-record.ts';

/** Creates the payout at Stripe; refused for lack of funds, it waits for them if its caller said so. */
export async function createPayout(record: PayoutRecord, command: CommandEnvelope): Promise<void> {
  const operation = operationOf(record, record.input.payOut.commandId, record.payout.createdAt);
  await carryThrough(
    record,
    command,
    { ...operation, generation: record.attempts },
    record.input.policy.retryBudgetMs,
  );
}

/** Carries out one command, to its result or to the point where an operator has to look. */
export async function carryOutOnPayout(record: PayoutRecord, command: PayoutCommand): Promise<void> {
  const refusal = refusalOfPayoutCommand(record.payout, command);
  if (refusal) {
    record.settle(command, 'refused', refusal);
  } else if (command.kind === 'cancel') {
    await cancel(record, command, stripePayoutOf(record.payout));
  } else if (record.blocked) {
    await resolveAttention(record, command);
  } else {
    record.note({ type: 'attention', name: command.action, cause: command, detail: command.reason });
    await (command.action === 'retry' ? retry(record, command) : giveUp(record, command));
  }
}

async function cancel(record: PayoutRecord, command: CommandEnvelope, payout: PayoutFacts | null) {
  const { terms, policy } = record.input;
  if (payout === null) {
    record.apply({ type: 'called_off' }, command);
    record.settle(command, 'done');
    return;
  }
  await carryThrough(
    record,
    command,
    {
      operation: 'cancel_payout',
      payoutId: terms.id,
      operationId: command.commandId,
      generation: 0,
      requestedAt: workflowNow(),
      connectedAccount: terms.connectedAccount,
      payout: payout.id,
    },
    policy.retryBudgetMs,
  );
}

/** A failed payout is made again as another one, named after the decision; one that was refused is asked for again. */
async function retry(record: PayoutRecord, decision: CommandEnvelope & Resolve): Promise<void> {
  if (record.payout.state.status !== 'failed') {
    record.showAttention(null, decision);
    await createPayout(record, decision);
    return;
  }
  const operation = operationOf(record, decision.commandId, workflowNow());
  await carryThrough(record, decision, operation, record.input.policy.retryBudgetMs);
}

/** The money stays where it is: in the account's balance. */
function giveUp(record: PayoutRecord, decision: CommandEnvelope): void {
  const { status } = record.payout.state;
  record.apply({ type: status === 'failed' ? 'failure_accepted' : 'called_off' }, decision);
  record.showAttention(null, decision);
  record.settle(decision, 'done');
}

function operationOf(record: PayoutRecord, operationId: string, requestedAt: number): CreatePayoutOperation {
  const { terms, payOut } = record.input;
  const { requestHash } = payOut;
  return {
    ...{ operation: 'payout', payoutId: terms.id, operationId, generation: 0, requestedAt },
    requestHash,
    terms,
  };
}
