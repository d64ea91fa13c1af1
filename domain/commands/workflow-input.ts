/** What a workflow cannot work without: paths of fields in its input, with their types. */
export type InputShape = Readonly<Record<string, 'string' | 'number' | 'object'>>;

export const ORDER_INPUT: InputShape = {
  'terms.id': 'string',
  'terms.amount': 'number',
  'terms.currency': 'string',
  'terms.connectedAccount': 'string',
  'terms.source': 'object',
  'terms.metadata': 'object',
  'policy.retryBudgetMs': 'number',
  'policy.openMs': 'number',
  'policy.abandonAfterMs': 'number',
  'policy.captureWarningMs': 'number',
  'policy.reauthorizeBeforeMs': 'number',
  'policy.reauthorizeForMs': 'number',
  'authorize.commandId': 'string',
};

export const TRANSFER_INPUT: InputShape = {
  id: 'string',
  amount: 'number',
  currency: 'string',
  destination: 'string',
  'policy.retryBudgetMs': 'number',
  'pay.commandId': 'string',
};

export const PAYOUT_INPUT: InputShape = {
  'terms.id': 'string',
  'terms.connectedAccount': 'string',
  'terms.amount': 'number',
  'terms.currency': 'string',
  'policy.retryBudgetMs': 'number',
  'policy.watchPaidMs': 'number',
  'payOut.commandId': 'string',
};

export const ACCOUNT_INPUT: InputShape = {
  reference: 'string',
  'origin.kind': 'string',
  'policy.retryBudgetMs': 'number',
  'begin.commandId': 'string',
};

export const OUTGOING_EVENT_INPUT: InputShape = {
  'event.id': 'string',
  'event.type': 'string',
  'event.data': 'object',
  subscriptions: 'object',
  giveUpAfterMs: 'number',
};

export const STRIPE_EVENT_INPUT: InputShape = {
  eventId: 'string',
  eventType: 'string',
  'subject.kind': 'string',
};

export const DAY_BOOK_INPUT: InputShape = { 'owner.kind': 'string', 'owner.name': 'string', day: 'string' };

export const WEBHOOK_TEST_INPUT: InputShape = { eventType: 'string', expected: 'number', waitMs: 'number' };

export const ROUNDS_INPUT: InputShape = { everyMs: 'number', count: 'number' };

export const RECONCILE_INPUT: InputShape = { lookBackMs: 'number', pendingMs: 'number' };

/** The first field that is missing or of another type; null: none is. */
export function firstWrongField(input: unknown, shape: InputShape): string | null {
  const isWrong = ([path, type]: readonly [string, string]) => {
    const value = path.split('.').reduce<unknown>((at, name) => Object(at)[name], input);
    return value === null || typeof value !== type;
  };
  return Object.entries(shape).find(isWrong)?.[0] ?? null;
}
