import { formatMoney } from '../domain/money/money.ts';
import { metadataDigests } from '../domain/orders/metadata.ts';
import type { OrderTerms } from '../domain/orders/order.ts';
import { newOrder } from '../domain/orders/order.ts';
import { orderSummary } from '../domain/orders/order-summary.ts';
import { brief } from './brief.ts';
import type { OrderInput } from './orders.ts';
import { ORDER_WORKFLOW } from './orders.ts';
import {
  AMOUNT,
  CONNECTED_ACCOUNT,
  CURRENCY,
  CUSTOMER,
  METADATA_DIGESTS,
  NEEDS_ATTENTION,
  ORDER_STATUS,
} from './search-attribute-keys.ts';
import { USUAL_ORDER_INPUT } from './usual-order.ts';

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
      { key: ORDER_STATUS, value: 'pending' },
      { key: NEEDS_ATTENTION, value: false },
      { key: CONNECTED_ACCOUNT, value: terms.connectedAccount },
      { key: AMOUNT, value: terms.amount },
      { key: CURRENCY, value: terms.currency },
      ...(terms.source.customer === null ? [] : [{ key: CUSTOMER, value: terms.source.customer }]),
      ...(digests.length === 0 ? [] : [{ key: METADATA_DIGESTS, value: digests }]),
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
