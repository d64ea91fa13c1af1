import { defineSearchAttributeKey } from '@temporalio/common';
import { formatMoney } from '../domain/money/money.ts';
import type { OrderInput } from './orders.ts';
import { ORDER_WORKFLOW } from './orders.ts';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';

const orderStatus = defineSearchAttributeKey('OrderStatus', SEARCH_ATTRIBUTES.OrderStatus);
const needsAttention = defineSearchAttributeKey('NeedsAttention', SEARCH_ATTRIBUTES.NeedsAttention);
const connectedAccount = defineSearchAttributeKey('ConnectedAccount', SEARCH_ATTRIBUTES.ConnectedAccount);
const customer = defineSearchAttributeKey('Customer', SEARCH_ATTRIBUTES.Customer);

/** How every order's workflow is started, whatever its first command is: a caller's, or what an event about a closed one asks for. */
export function orderBeginning(input: OrderInput, taskQueue: string) {
  const { terms } = input;
  return {
    workflowType: ORDER_WORKFLOW,
    taskQueue,
    input,
    // What an order is found by from its first moment; given at the start, they cost no history event.
    searchAttributes: [
      { key: orderStatus, value: 'pending' },
      { key: needsAttention, value: false },
      { key: connectedAccount, value: terms.connectedAccount },
      ...(terms.source.customer === null ? [] : [{ key: customer, value: terms.source.customer }]),
    ],
    summary: `${formatMoney(terms)} → ${terms.connectedAccount}`,
  };
}
