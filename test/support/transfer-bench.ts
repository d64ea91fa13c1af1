import type { WorkflowHandle } from '@temporalio/client';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { reopen } from '../../api/backend/reopen.ts';
import { updateOf, wholeAnswer } from '../../contract/command-messages.ts';
import { transferBeginning } from '../../contract/transfer-start.ts';
import type { ReopenedTransferInput, TransferInput, TransferState } from '../../contract/transfers.ts';
import {
  payTransferUpdate,
  TRANSFER_WORKFLOW,
  transferMemoryQuery,
  transferStateQuery,
  USUAL_TRANSFER,
} from '../../contract/transfers.ts';
import { messageOf } from '../../domain/commands/define-command.ts';
import { transferWorkflowId } from '../../domain/ids.ts';
import { TRANSFER_COMMANDS } from '../../domain/orders/transfer-command-table.ts';
import { startWithEvent } from '../../stripe-events/start-with-event.ts';
import { envelope } from './builders.ts';
import type { OrderBench, resolve } from './order-bench.ts';

/** The command that creates each transfer. */
export const PAY = envelope('cmd_pay');

const WAIT_MS = 30_000;

/** Starts a special-case transfer of 5.00 with no order, and waits for its answer. */
export async function payTransfer({ client, stripe, taskQueue }: OrderBench, id: string) {
  const input: TransferInput = {
    id,
    amount: 500,
    currency: 'usd',
    destination: 'acct_seller',
    description: 'bonus',
    livemode: false,
    policy: { retryBudgetMs: 60_000 },
    pay: PAY,
  };
  const startWorkflowOperation = new WithStartWorkflowOperation<(input: TransferInput) => Promise<unknown>>(
    TRANSFER_WORKFLOW,
    {
      workflowId: transferWorkflowId(id),
      taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
    },
  );
  const paid = await client.workflow.executeUpdateWithStart(payTransferUpdate, {
    startWorkflowOperation,
    updateId: PAY.commandId,
    args: [],
  });
  const handle = await startWorkflowOperation.workflowHandle();
  return {
    paid: wholeAnswer(paid, PAY.commandId, USUAL_TRANSFER),
    handle,
    stripe: stripe.of(id),
    decide: decidingOn(handle),
  };
}

/** Reopens one that has ended, to take 1.00 of it back, and waits for the answer. */
export async function reversePaid({ client, stripe, taskQueue }: OrderBench, id: string, commandId: string) {
  const workflowId = transferWorkflowId(id);
  const handle = client.workflow.getHandle(workflowId);
  const [state, memory] = [await handle.query(transferStateQuery), await handle.query(transferMemoryQuery)];
  const body = { amount: 100, reason: 'paid twice' };
  const message = messageOf(envelope(commandId), body);
  const command = { ...envelope(commandId), ...body, kind: 'reverse_transfer' } as const;
  const { createdAt, transfer } = state;
  const reopened = { createdAt, transfer, memory, command };
  const input: ReopenedTransferInput = { ...state.input, reopened };
  const beginning = { ...transferBeginning(input, taskQueue), workflowId };
  const update = updateOf<TransferState>(TRANSFER_COMMANDS.reverse_transfer);
  const answer = await reopen(client, beginning, { update, message, commandId: commandId }, WAIT_MS);
  return {
    reversed: answer && wholeAnswer(answer, commandId, USUAL_TRANSFER),
    handle,
    stripe: stripe.of(id),
    decide: decidingOn(handle),
  };
}

/** Reopens one that has ended, since Stripe says that somebody reversed it. */
export async function reversedAtStripe({ client, taskQueue }: OrderBench, id: string) {
  const workflowId = transferWorkflowId(id);
  const handle = client.workflow.getHandle(workflowId);
  const { input: first, createdAt, transfer } = await handle.query(transferStateQuery);
  const memory = await handle.query(transferMemoryQuery);
  const input: ReopenedTransferInput = { ...first, reopened: { createdAt, transfer, memory, command: null } };
  const event = { eventId: 'evt_1', eventType: 'transfer.reversed' };
  await startWithEvent(client, workflowId, transferBeginning(input, taskQueue), event);
  return handle;
}

/** Sends an operator's decision, and waits for its answer. */
function decidingOn(handle: WorkflowHandle) {
  return async (commandId: string, { kind: _, ...body }: ReturnType<typeof resolve>) => {
    const update = updateOf<TransferState>(TRANSFER_COMMANDS.resolve);
    const message = messageOf(envelope(commandId), body);
    const answer = await handle.executeUpdate(update, { args: [message], updateId: commandId });
    return wholeAnswer(answer, commandId, USUAL_TRANSFER);
  };
}
