import { formatMoney } from '../../domain/money.ts';
import type { OrderInput } from '../../workflows/messages.ts';
import { ORDER_WORKFLOW } from '../../workflows/messages.ts';
import { orderSearchAttributes } from './search-attributes.ts';

/** How every order's workflow is started, whatever its first command is. */
export function orderBeginning(input: OrderInput, taskQueue: string) {
  const { terms } = input;
  return {
    workflowType: ORDER_WORKFLOW,
    taskQueue,
    input,
    searchAttributes: orderSearchAttributes(input),
    summary: `${formatMoney(terms)} → ${terms.connectedAccount}`,
  };
}
