import type Stripe from 'stripe';
import { payoutWorkflowId } from '../../domain/ids.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { stripePayoutOf } from '../../domain/payouts/payout.ts';
import { payoutNamedIn } from '../../domain/stripe-events/stripe-events.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import { idOf } from '../../stripe/payment-facts.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import { attemptOf } from '../backend/attempt.ts';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { orElse } from '../http/or-else.ts';
import { payoutParams } from '../http/params.ts';
import { payoutResource } from './payout-schema.ts';
import { presentPayoutWith, presentStripePayout } from './present-payout.ts';

export function getPayout(backend: Backend): Endpoint {
  const { payouts, accountIds, stripe, stripeReads, temporal } = backend;
  const shown = async (payout: Payout) => {
    const attempt = await attemptOf(temporal, payoutWorkflowId(payout.terms.id), payout.pending);
    return { status: 200, body: presentPayoutWith(payout, attempt) };
  };
  return endpoint({
    method: 'get',
    name: 'payouts.get',
    path: '/v1/accounts/{id}/payouts/{payout}',
    role: 'read',
    tag: 'Payouts',
    summary: "Read one payout of a connected account, by Waybill's id or by Stripe's",
    params: payoutParams,
    responses: { 200: { description: 'The payout as it is now.', schema: payoutResource } },
    async handle({ params: { id, payout }, actor }) {
      const account = await accountIds.of(id, 'id');
      if (payout.startsWith('wpo_')) return shown(await payouts.readOf({ account, payoutId: payout }));
      stripeReads.spend(actor);
      const made = await payoutsOf(stripe, asAccount(account)).retrieve(payout, STRIPE_READ);
      const own = await ownPayout(backend, made);
      return own ? shown(own) : { status: 200, body: presentStripePayout(made, account) };
    },
  });
}

/**
 * The one of Waybill's that this is at Stripe; null: none, or its workflow knows it otherwise. It has been made again since, or is not
 * watched any more.
 */
async function ownPayout(
  { payouts, logger }: Pick<Backend, 'payouts' | 'logger'>,
  { id, metadata, status, reversed_by: reversedBy }: Stripe.Payout,
): Promise<Payout | null> {
  const payoutId = payoutNamedIn(metadata);
  if (payoutId === null) return null;
  const own = await orElse(logger, `Reading the payout ${payoutId}`, null, () =>
    payouts.readIfThere(payoutId),
  );
  const known = own && stripePayoutOf(own);
  const isCurrent =
    known?.id === id && known.status === status && (known.reversedBy ?? null) === idOf(reversedBy);
  return isCurrent ? own : null;
}
