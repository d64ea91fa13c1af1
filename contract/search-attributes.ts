/** Search attributes of Waybill's workflows: their names and Temporal types. Registered when a worker starts. */
export const SEARCH_ATTRIBUTES = {
  OrderStatus: 'KEYWORD',
  AccountStatus: 'KEYWORD',
  AccountDigest: 'INT',
  NeedsAttention: 'BOOL',
  AttentionCode: 'KEYWORD',
  AttentionSince: 'DATETIME',
  AwaitsStripe: 'KEYWORD_LIST',
  PendingSince: 'DATETIME',
  ConnectedAccount: 'KEYWORD',
  Customer: 'KEYWORD',
  PaymentIntent: 'KEYWORD',
  MetadataDigests: 'KEYWORD_LIST',
  CaptureBefore: 'DATETIME',
  // In minor units; the three integers that an SQL store has are taken.
  Amount: 'DOUBLE',
  Currency: 'KEYWORD',
  AmountCaptured: 'INT',
  AmountRefunded: 'INT',
  PayoutStatus: 'KEYWORD',
  DisputeStatus: 'KEYWORD',
  EventType: 'KEYWORD',
} as const;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;
