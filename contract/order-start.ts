import { defineSearchAttributeKey } from '@temporalio/common';
import { formatMoney } from '../domain/money/money.ts';
import { metadataDigests } from '../domain/orders/metadata.ts';
import type { OrderTerms } from '../domain/orders/order.ts';
import { newOrder } from '../domain/orders/order.ts';
import { orderSummary } from '../domain/orders/order-summary.ts';
import { brief } from './brief.ts';
import type { OrderInput } from './orders.ts';
import { ORDER_WORKFLOW } from './orders.ts';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';
import { USUAL_ORDER_INPUT } from './usual-order.ts';

const orderStatus = defineSearchAttributeKey('OrderStatus', SEARCH_ATTRIBUTES.OrderStatus);
const needsAttention = defineSearchAttributeKey('NeedsAttention', SEARCH_ATTRIBUTES.NeedsAttention);
const connectedAccount = defineSearchAttributeKey('ConnectedAccount', SEARCH_ATTRIBUTES.ConnectedAccount);
const amount = defineSearchAttributeKey('Amount', SEARCH_ATTRIBUTES.Amount);
const currency = defineSearchAttributeKey('Currency', SEARCH_ATTRIBUTES.Currency);
const customer = defineSearchAttributeKey('Customer', SEARCH_ATTRIBUTES.Customer);
const metadata = defineSearchAttributeKey('MetadataDigests', SEARCH_ATTRIBUTES.MetadataDigests);

/** How every order's workflow is started, whatever its first command is: a caller's, or what an event about a closed one asks for. */
export function orderBeginning(input: OrderInput, taskQueue: string) {
  const { terms, livemode, policy } = input;
  const digests = metadataDigests(terms.metadata, policy.metadataKey);
  return {
    workflowType: ORDER_WORKFLOW,
    taskQueue,
    input: brief(input, USUAL_ORDER_INPUT),
    // What an order is found by from its first moment; given at the start, they cost no history event.
    searchAttributes: [
      { key: orderStatus, value: 'pending' },
      { key: needsAttention, value: false },
      { key: connectedAccount, value: terms.connectedAccount },
      { key: amount, value: terms.amount },
      { key: currency, value: terms.currency },
      ...(terms.source.customer === null ? [] : [{ key: customer, value: terms.source.customer }]),
      ...(digests.length === 0 ? [] : [{ key: metadata, value: digests }]),
    ],
    // What a list shows of it: likewise.
    memo: { summary: orderSummary(newOrder(terms, 0, livemode), 0) },
    // Accounts take turns at the workers.
    priority: { fairnessKey: terms.connectedAccount },
    summary: `${formatMoney(terms)} → ${terms.connectedAccount}`,
    details: detailsOf(terms),
  };
}

/** Markdown: what the summary does not say. */
function detailsOf({ applicationFeeAmount, transferAmount, ...terms }: OrderTerms): string {
  const inOrder = (part: number) => formatMoney({ amount: part, currency: terms.currency });
  return [
    `${terms.captureMethod} capture`,
    ...(applicationFeeAmount === null ? [] : [`application fee ${inOrder(applicationFeeAmount)}`]),
    ...(transferAmount === null ? [] : [`transfer ${inOrder(transferAmount)}`]),
  ].join(', ');
}
