import { formatMoney } from '../domain/money/money.ts';
import { CONNECTED_ACCOUNT, NEEDS_ATTENTION } from './search-attribute-keys.ts';
import type { TransferInput } from './transfers.ts';
import { TRANSFER_WORKFLOW } from './transfers.ts';

/** How every transfer's workflow is started, to pay it or to reverse it. */
export function transferBeginning<Input extends TransferInput>(input: Input, taskQueue: string) {
  return {
    workflowType: TRANSFER_WORKFLOW,
    taskQueue,
    input,
    // What a transfer is found by from its first moment; given at the start, they cost no history event.
    searchAttributes: [
      { key: NEEDS_ATTENTION, value: false },
      { key: CONNECTED_ACCOUNT, value: input.destination },
    ],
    // Accounts take turns at the workers.
    priority: { fairnessKey: input.destination },
    summary: `${formatMoney(input)} → ${input.destination}`,
    details: `Special-case transfer of ${formatMoney(input)} to ${input.destination}, without an order`,
    envelope: input.pay,
  };
}
