import { payoutPolicy } from '../../contract/payouts.ts';
import { payoutIdFromDigest } from '../../domain/ids.ts';
import { brokenPayoutStep } from '../../domain/money/amount-steps.ts';
import type { PayoutTerms } from '../../domain/payouts/payout.ts';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { commandHeaders } from '../http/headers.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { accountParams } from '../http/params.ts';
import { refuseIfBroken } from '../http/problems.ts';
import { payoutReply } from './payout-reply.ts';
import { createPayoutBody, payoutResource } from './payout-schema.ts';

const DAY_MS = 24 * 3_600_000;
/** A bank gives the money back within five business days; twice that, and holidays. */
const WATCH_PAID_MS = 14 * DAY_MS;

export function createPayout({ payouts, accountIds, inFlight, livemode, policy }: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'payouts.create',
    path: '/v1/accounts/{id}/payouts',
    role: 'ops',
    tag: 'Payouts',
    summary: "Pay out of a connected account's balance to its bank account or debit card",
    params: accountParams,
    starts: true,
    headers: commandHeaders,
    body: createPayoutBody,
    responses: {
      201: { description: 'Made at Stripe, on its way to the bank.', schema: payoutResource },
      202: {
        description: 'Waiting for funds, Stripe, an operator or another person.',
        schema: payoutResource,
      },
    },
    async handle(request) {
      const { params, body, headers } = request;
      refuseIfBroken(brokenPayoutStep(body.amount, body.currency));
      const connectedAccount = await accountIds.of(params.id, 'id');
      const digest = digestOf(request, 'payouts');
      const payOut = envelopeOf(request, `pay_out ${connectedAccount}`, digest);
      const terms: PayoutTerms = {
        id: payoutIdFromDigest(digest),
        connectedAccount,
        amount: body.amount,
        currency: body.currency,
        method: body.method,
        destination: body.destination ?? null,
        whenAvailable: body.when_available,
        statementDescriptor: body.statement_descriptor ?? null,
        description: body.description ?? null,
        metadata: body.metadata,
      };
      const input = {
        terms,
        livemode,
        policy: payoutPolicy(policy, WATCH_PAID_MS),
        payOut: { ...payOut, reason: body.reason },
      };
      const answer = await inFlight.run(payOut, () => payouts.create(input, headers.Prefer.seconds * 1_000));
      return payoutReply(answer, { envelope: payOut, wait: headers.Prefer }, 201);
    },
  });
}
