import type Stripe from 'stripe';
import { asPlatform } from '../../stripe/acting-as.ts';
import { classify } from '../../stripe/errors.ts';
import { balanceOf } from '../../stripe/own-money.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import { webhookEndpointsOf } from '../../stripe/webhook-endpoints.ts';
import type { Backend } from '../backend/backend.ts';
import { WEBHOOK_PATH } from '../http/rate-limit.ts';
import type { Checks } from './checks.ts';
import { accountCheck } from './stripe-account.ts';

const SKEW_MAX_MS = 5_000;

export function stripeChecks(
  backend: Pick<Backend, 'stripe' | 'webhookSecrets' | 'temporal' | 'directory' | 'livemode'>,
): Checks {
  const { stripe, webhookSecrets } = backend;
  const otherAccount = accountCheck(backend);
  return {
    'Stripe account': async () => {
      const problem = await otherAccount();
      return problem === null ? ['ok', 'the key is of the account of the orders'] : ['wrong', problem];
    },
    'Stripe permissions': async () => {
      const reads = readsOf(stripe);
      const refused = await Promise.all(
        Object.entries(reads).map(async ([name, read]) => ((await mayDo(read)) ? [] : [name])),
      );
      const names = refused.flat();
      if (names.length > 0) return ['wrong', `the key may not read: ${names.join(', ')}`];
      return ['ok', `the key reads ${Object.keys(reads).join(', ')}; what it may write shows only in use`];
    },
    'Stripe clock': async () => {
      const asked = Date.now();
      const { lastResponse } = await balanceOf(stripe, asPlatform).retrieve(STRIPE_READ);
      const skewMs = Math.abs(Date.parse(lastResponse.headers.date ?? '') - (asked + Date.now()) / 2);
      if (Number.isNaN(skewMs)) return ['unknown', 'Stripe does not say its time'];
      return [
        skewMs < SKEW_MAX_MS ? 'ok' : 'warning',
        `${(skewMs / 1_000).toFixed(1)} s between this process and Stripe`,
      ];
    },
    'Stripe webhooks': async () => {
      const ours = await webhookEndpointsOf(stripe, WEBHOOK_PATH);
      const off = ours.filter(({ isEnabled }) => !isEnabled);
      if (off.length > 0) return ['wrong', `disabled at Stripe: ${off.map(({ url }) => url).join(', ')}`];
      if (ours.length === 0)
        return [
          'warning',
          `no endpoint at Stripe leads to ${WEBHOOK_PATH}: orders learn of events up to a minute later`,
        ];
      const secrets = webhookSecrets.length;
      const counted = `${ours.length} endpoints at Stripe, ${secrets} in STRIPE_WEBHOOK_SECRETS`;
      return [secrets < ours.length ? 'wrong' : 'ok', counted];
    },
  };
}

/** What Waybill reads. */
function readsOf(stripe: Stripe): Readonly<Record<string, () => Promise<unknown>>> {
  const one = { limit: 1 };
  return {
    accounts: () => stripe.accounts.list(one, STRIPE_READ),
    'balance transactions': () => balanceOf(stripe, asPlatform).transactions(one, STRIPE_READ),
    charges: () => stripe.charges.list(one, STRIPE_READ),
    customers: () => stripe.customers.list(one, STRIPE_READ),
    disputes: () => stripe.disputes.list(one, STRIPE_READ),
    events: () => stripe.events.list(one, STRIPE_READ),
    'payment intents': () => stripe.paymentIntents.list(one, STRIPE_READ),
    refunds: () => stripe.refunds.list(one, STRIPE_READ),
    transfers: () => stripe.transfers.list(one, STRIPE_READ),
  };
}

/** Whatever else fails says nothing about the key. */
async function mayDo(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (classify(error).retryClass === 'key_refused') return false;
    throw error;
  }
}
