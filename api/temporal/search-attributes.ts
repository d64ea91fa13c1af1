import type { SearchAttributePair } from '@temporalio/common';
import { defineSearchAttributeKey } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.ts';
import type { OrderInput, PayoutInput, TransferInput } from '../../workflows/messages.ts';

const orderStatus = defineSearchAttributeKey('OrderStatus', SEARCH_ATTRIBUTES.OrderStatus);
const needsAttention = defineSearchAttributeKey('NeedsAttention', SEARCH_ATTRIBUTES.NeedsAttention);
const connectedAccount = defineSearchAttributeKey('ConnectedAccount', SEARCH_ATTRIBUTES.ConnectedAccount);
const payoutStatus = defineSearchAttributeKey('PayoutStatus', SEARCH_ATTRIBUTES.PayoutStatus);
const customer = defineSearchAttributeKey('Customer', SEARCH_ATTRIBUTES.Customer);

const accountStatus = defineSearchAttributeKey('AccountStatus', SEARCH_ATTRIBUTES.AccountStatus);

/** What an order is found by from its first moment; given at the start, they cost no history event. */
export function orderSearchAttributes({ terms }: OrderInput): SearchAttributePair[] {
  return [
    { key: orderStatus, value: 'pending' },
    { key: needsAttention, value: false },
    { key: connectedAccount, value: terms.connectedAccount },
    ...(terms.source.customer === null ? [] : [{ key: customer, value: terms.source.customer }]),
  ];
}

export function transferSearchAttributes({ destination }: TransferInput): SearchAttributePair[] {
  return [
    { key: needsAttention, value: false },
    { key: connectedAccount, value: destination },
  ];
}

export function accountSearchAttributes(): SearchAttributePair[] {
  return [
    { key: needsAttention, value: false },
    { key: accountStatus, value: 'onboarding' },
  ];
}

export function payoutSearchAttributes({ terms }: PayoutInput): SearchAttributePair[] {
  return [
    { key: payoutStatus, value: 'creating' },
    { key: needsAttention, value: false },
    { key: connectedAccount, value: terms.connectedAccount },
  ];
}
