/** Search attributes of Waybill's workflows: their names and Temporal types. Registered when a worker starts. */
export const SEARCH_ATTRIBUTES = {
  OrderStatus: 'KEYWORD',
  AccountStatus: 'KEYWORD',
  AccountDigest: 'INT',
  NeedsAttention: 'BOOL',
  AttentionCode: 'KEYWORD',
  PendingSince: 'DATETIME',
  ConnectedAccount: 'KEYWORD',
  Customer: 'KEYWORD',
  PaymentIntent: 'KEYWORD',
  CaptureBefore: 'DATETIME',
  PayoutStatus: 'KEYWORD',
  DisputeStatus: 'KEYWORD',
  EventType: 'KEYWORD',
} as const;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;
