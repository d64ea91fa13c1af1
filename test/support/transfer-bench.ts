import { WithStartWorkflowOperation } from '@temporalio/client';
import { transferWorkflowId } from '../../domain/ids.ts';
import type { CommandMessage, TransferInput } from '../../workflows/messages.ts';
import * as messages from '../../workflows/messages.ts';
import { envelope } from './builders.ts';
import type { OrderBench, resolve } from './order-bench.ts';

/** The command that creates each transfer. */
export const PAY = envelope('cmd_pay');

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
    messages.TRANSFER_WORKFLOW,
    {
      workflowId: transferWorkflowId(id),
      taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
    },
  );
  const paid = await client.workflow.executeUpdateWithStart(messages.payTransferUpdate, {
    startWorkflowOperation,
    updateId: PAY.commandId,
    args: [PAY],
  });
  const handle = await startWorkflowOperation.workflowHandle();
  return {
    paid,
    handle,
    stripe: stripe.of(id),
    /** Sends an operator's decision, and waits for its answer. */
    decide(commandId: string, { kind: _, ...body }: ReturnType<typeof resolve>) {
      const message: CommandMessage<'resolve'> = { ...envelope(commandId), ...body };
      return handle.executeUpdate(messages.resolveTransferUpdate, { args: [message], updateId: commandId });
    },
  };
}
