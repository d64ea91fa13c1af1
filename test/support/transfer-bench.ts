import { WithStartWorkflowOperation } from '@temporalio/client';
import type { CommandMessage } from '../../contract/orders.ts';
import type { TransferInput } from '../../contract/transfers.ts';
import { payTransferUpdate, resolveTransferUpdate, TRANSFER_WORKFLOW } from '../../contract/transfers.ts';
import { transferWorkflowId } from '../../domain/ids.ts';
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
  return {
    paid,
    handle,
    stripe: stripe.of(id),
    /** Sends an operator's decision, and waits for its answer. */
    decide(commandId: string, { kind: _, ...body }: ReturnType<typeof resolve>) {
      const message: CommandMessage<'resolve'> = { ...envelope(commandId), ...body };
      return handle.executeUpdate(resolveTransferUpdate, { args: [message], updateId: commandId });
    },
  };
}
