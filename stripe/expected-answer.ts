/** Objects with a path of their own, by the last word of the resource: `/v1/payment_intents/…`. */
const OBJECTS: Readonly<Record<string, string>> = {
  accounts: 'account',
  application_fees: 'application_fee',
  balance_transactions: 'balance_transaction',
  charges: 'charge',
  customers: 'customer',
  disputes: 'dispute',
  events: 'event',
  payment_intents: 'payment_intent',
  payouts: 'payout',
  refunds: 'refund',
  transfers: 'transfer',
};
/** What is done with an object and answers with it: `/v1/payment_intents/{id}/capture`. */
const VERBS: ReadonlySet<string> = new Set([
  'cancel',
  'capture',
  'close',
  'confirm',
  'increment_authorization',
]);
const LISTS: ReadonlySet<unknown> = new Set(['list', 'search_result']);

/** An answer that says success, and yet is not what was asked for: something between here and Stripe made it. */
class NotStripesAnswer extends Error {
  override readonly name = 'NotStripesAnswer';
}

/**
 * Refuses an answer that says success and is no object of the kind that was asked for. What became of the request is unknown,
 * as if no answer had come; read as the object it would pass for a payment of nothing.
 */
export function expectedAnswer(path: string, status: number, answer: unknown): unknown {
  const [, version, resource = '', id, part] = path.split('?')[0]?.split('/') ?? [];
  if (version !== 'v1' || status >= 300) return answer;
  const kind = (answer as { object?: unknown } | null)?.object;
  const expected = OBJECTS[resource];
  const isItself = part === undefined || VERBS.has(part);
  const isFitting = expected === undefined || !isItself || kind === expected || LISTS.has(kind);
  if (typeof kind === 'string' && isFitting) return answer;
  const wanted = expected === undefined || !isItself ? 'an object' : `a ${expected}`;
  const what = id === undefined || id === 'search' ? `/v1/${resource}` : `/v1/${resource}/${id}`;
  throw new NotStripesAnswer(`${what} was answered with ${String(kind)} instead of ${wanted}`);
}
