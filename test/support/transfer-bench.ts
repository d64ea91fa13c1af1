import type { WorkflowHandle } from '@temporalio/client';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { reopen } from '../../api/backend/reopen.ts';
import type { CommandMessage } from '../../contract/orders.ts';
import { transferBeginning } from '../../contract/transfer-start.ts';
import type { ReopenedTransferInput, TransferInput } from '../../contract/transfers.ts';
import {
  payTransferUpdate,
  resolveTransferUpdate,
  reverseUpdate,
  TRANSFER_WORKFLOW,
  transferMemoryQuery,
  transferStateQuery,
} from '../../contract/transfers.ts';
import { transferWorkflowId } from '../../domain/ids.ts';
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
    args: [PAY],
  });
  const handle = await startWorkflowOperation.workflowHandle();
  return { paid, handle, stripe: stripe.of(id), decide: decidingOn(handle) };
}

/** Reopens one that has ended, to take 1.00 of it back, and waits for the answer. */
export async function reversePaid({ client, stripe, taskQueue }: OrderBench, id: string, commandId: string) {
  const workflowId = transferWorkflowId(id);
  const handle = client.workflow.getHandle(workflowId);
  const [state, memory] = [await handle.query(transferStateQuery), await handle.query(transferMemoryQuery)];
  const message = { ...envelope(commandId), amount: 100, reason: 'paid twice' };
  const command = { ...message, kind: 'reverse_transfer' } as const;
  const { createdAt, transfer } = state;
  const reopened = { createdAt, transfer, memory, command };
  const input: ReopenedTransferInput = { ...state.input, reopened };
  const beginning = { ...transferBeginning(input, taskQueue), workflowId };
  const reversed = await reopen(client, beginning, { update: reverseUpdate, message }, WAIT_MS);
  return { reversed, handle, stripe: stripe.of(id), decide: decidingOn(handle) };
}

/** Sends an operator's decision, and waits for its answer. */
function decidingOn(handle: WorkflowHandle) {
  return (commandId: string, { kind: _, ...body }: ReturnType<typeof resolve>) => {
    const message: CommandMessage<'resolve'> = { ...envelope(commandId), ...body };
    return handle.executeUpdate(resolveTransferUpdate, { args: [message], updateId: commandId });
  };
}
