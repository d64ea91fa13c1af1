import type Stripe from 'stripe';
import type { OperationOutcome } from '../../contract/operations.ts';
import type { CancelPayoutOperation, CreatePayoutOperation } from '../../contract/payout-operations.ts';
import { REQUEST_HASH } from '../../domain/commands/operation-stamp.ts';
import { problem } from '../../domain/errors.ts';
import { isMadeBy, payoutMetadata } from '../../domain/ids.ts';
import type { PayoutFacts, PayoutTerms } from '../../domain/payouts/payout.ts';
import { STRIPE_PAYOUT_STATUSES } from '../../domain/payouts/payout.ts';
import { explainMissingFunds } from '../../domain/payouts/payout-failures.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { classify, nullIfRefused } from '../../stripe/errors.ts';
import { needsAttention } from '../../stripe/failures.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import { idOf } from '../../stripe/payment-facts.ts';
import { claim } from '../shared/claim.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import { earliestEffect, newest } from '../shared/recent.ts';
import { refusedCreation } from '../shared/refused-creation.ts';
import type { Handlers } from '../shared/run-once.ts';
import { readFunds } from './account-funds.ts';

/** Pays out of a connected account's balance, as that account. */
export function payoutHandlers({ stripe }: ActivityDeps, operation: CreatePayoutOperation): Handlers {
  const { terms, payoutId, requestedAt } = operation;
  const payouts = payoutsOf(stripe, asAccount(terms.connectedAccount));
  return {
    call: async (idempotencyKey) => {
      try {
        return payoutOutcome(await payouts.create(createParams(operation), { idempotencyKey }));
      } catch (error) {
        return (await refusalForLackOfFunds(stripe, terms, error)) ?? refusalOfAccount(terms, error);
      }
    },
    // If the account is unknown or disconnected, the refusal of the payout itself says so.
    findCreated: () =>
      nullIfRefused(async () => {
        const recent = await newest(payouts.list({ limit: 100 }), requestedAt);
        // One that failed may have been made again since.
        const created = recent.filter(({ metadata }) => metadata?.waybill_payout === payoutId);
        const first = created.find(({ metadata }) => isMadeBy(operation, metadata));
        if (!first || !created[0]) return null;
        return refusedCreation(operation, first.metadata ?? {}, 'payout') ?? payoutOutcome(created[0]);
      }),
    findEffect: async () => {
      const created = { gte: earliestEffect(requestedAt) };
      for await (const payout of payouts.list({ created, limit: 100 })) {
        if (isMadeBy(operation, payout.metadata)) return payoutOutcome(payout);
      }
      return null;
    },
    verify: (id) =>
      claim(operation, {
        retrieve: () => payouts.retrieve(id),
        isLike: ({ amount, currency, automatic }) =>
          amount === terms.amount && currency === terms.currency && !automatic,
        mark: (metadata, options) => payouts.update(id, { metadata }, options),
        outcome: payoutOutcome,
      }),
  };
}

/** Cancels a payout that its bank does not have yet. One that has moved on is returned as it is. */
export function cancelPayoutHandlers({ stripe }: ActivityDeps, operation: CancelPayoutOperation): Handlers {
  const payouts = payoutsOf(stripe, asAccount(operation.connectedAccount));
  const findEffect = async () => {
    const payout = await payouts.retrieve(operation.payout);
    return payout.status === 'canceled' ? payoutOutcome(payout) : null;
  };
  return {
    call: async (idempotencyKey) => {
      try {
        return payoutOutcome(await payouts.cancel(operation.payout, { idempotencyKey }));
      } catch (error) {
        if (classify(error).retryClass !== 'refused') throw error;
        return payoutOutcome(await payouts.retrieve(operation.payout));
      }
    },
    findEffect,
    verify: async (id) => (id === operation.payout ? findEffect() : null),
  };
}

/** The payout as Stripe knows it now. */
export async function readPayout(
  { stripe }: ActivityDeps,
  connectedAccount: string,
  payout: string,
): Promise<PayoutFacts> {
  return payoutFactsOf(await payoutsOf(stripe, asAccount(connectedAccount)).retrieve(payout));
}

function createParams({
  terms,
  payoutId,
  operationId,
  requestHash,
}: CreatePayoutOperation): Stripe.PayoutCreateParams {
  return {
    amount: terms.amount,
    currency: terms.currency,
    method: terms.method,
    ...(terms.destination ? { destination: terms.destination } : {}),
    ...(terms.statementDescriptor ? { statement_descriptor: terms.statementDescriptor } : {}),
    ...(terms.description ? { description: terms.description } : {}),
    metadata: {
      ...terms.metadata,
      ...payoutMetadata(payoutId, operationId),
      [REQUEST_HASH]: requestHash,
    },
  };
}

/** Says what is available and what is pending, where Stripe only says that it is not enough. */
async function refusalForLackOfFunds(
  stripe: Stripe,
  terms: PayoutTerms,
  error: unknown,
): Promise<OperationOutcome | null> {
  const { failure, problemCode } = classify(error);
  if (problemCode !== 'balance_insufficient') return null;
  const { stripeRequestId } = failure;
  const funds = await readFunds(stripe, terms.connectedAccount, terms.currency);
  const detail = explainMissingFunds(terms, funds);
  return {
    type: 'funds_missing',
    stripeRequestId,
    funds,
    problem: problem(problemCode, detail, {
      param: 'amount',
      stripeCode: failure.code,
      ...(stripeRequestId ? { stripeRequestId } : {}),
    }),
  };
}

function refusalOfAccount({ connectedAccount }: PayoutTerms, error: unknown): OperationOutcome {
  const { failure, problemCode } = classify(error);
  if (problemCode !== 'not_found') throw error;
  const detail = `The platform has no connected account ${connectedAccount}.`;
  return {
    type: 'refused',
    stripeRequestId: failure.stripeRequestId,
    payment: null,
    problem: problem(problemCode, detail, { param: 'id', stripeCode: failure.code }),
  };
}

function payoutOutcome(payout: Stripe.Payout | Stripe.Response<Stripe.Payout>): OperationOutcome {
  const stripeRequestId = 'lastResponse' in payout ? payout.lastResponse.requestId : null;
  return { type: 'payout', payout: payoutFactsOf(payout), stripeRequestId };
}

function payoutFactsOf(payout: Stripe.Payout): PayoutFacts {
  const reversedBy = idOf(payout.reversed_by);
  return {
    id: payout.id,
    status: knownStatus(payout),
    destination: idOf(payout.destination),
    arrivalDate: payout.arrival_date * 1000,
    failureCode: payout.failure_code,
    failureMessage: payout.failure_message,
    ...(payout.trace_id ? { traceId: { status: payout.trace_id.status, value: payout.trace_id.value } } : {}),
    ...(reversedBy ? { reversedBy } : {}),
  };
}

/** Stripe may add a status; a payout must not guess what it means. */
function knownStatus({ id, status }: Stripe.Payout): PayoutFacts['status'] {
  const known = STRIPE_PAYOUT_STATUSES.find((one) => one === status);
  if (known) return known;
  throw needsAttention({ code: 'unknown_status', message: `${id} is ${status}`, stripeRequestId: null });
}
