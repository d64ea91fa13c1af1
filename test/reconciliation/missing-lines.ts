import type Stripe from 'stripe';
import { clientShown } from '../support/client-through.ts';

/** A client that is not shown what arrived on connected accounts. */
export function withMissingLines(url: string): Stripe {
  return clientShown(url, '/v1/balance_transactions', (lines) => {
    lines.splice(0, lines.length, ...lines.filter(({ type }) => type !== 'payment'));
  });
}
