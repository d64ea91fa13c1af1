import { asPlatform } from '../../stripe/acting-as.ts';
import { permissionsOf } from '../../stripe/key-permissions.ts';
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
      const { reads, writes } = await permissionsOf(stripe);
      const refused = [
        ...(reads.refused.length > 0 ? [`may not read: ${reads.refused.join(', ')}`] : []),
        ...(writes.refused.length > 0 ? [`may not write: ${writes.refused.join(', ')}`] : []),
      ];
      // Whoever answers disputes in the Dashboard gives no permission for it, nor whoever has no reviews.
      const isLess =
        reads.refused.every((name) => name === 'reviews') &&
        writes.refused.every((name) => name === 'disputes');
      if (refused.length > 0) return [isLess ? 'warning' : 'wrong', `the key ${refused.join('; ')}`];
      return ['ok', `the key reads ${reads.allowed.join(', ')}; it writes ${writes.allowed.join(', ')}`];
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
