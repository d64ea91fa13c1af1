import { DAY_SECONDS } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import { formatAmount, payoutStep } from '../core/money.ts';
import { payoutDestination } from '../flows/automatic-payouts.ts';
import { emit } from '../flows/events.ts';
import { cancelPayout, INSTANT_LIMIT, instantFee, sendPayout } from '../flows/payouts.ts';
import { spendable } from '../flows/reserves.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, ownRows, pageShape } from '../http/pagination.ts';
import type { Parsed } from '../http/params.ts';
import {
  atLeast,
  currency,
  mergeMetadata,
  metadata,
  oneOf,
  optional,
  required,
  statement,
  text,
} from '../http/params.ts';
import { route } from '../http/route.ts';
import type { ExternalAccount } from '../objects/accounts.ts';
import type { Payout } from '../objects/payouts.ts';
import { view } from '../views/index.ts';

const createShape = {
  amount: required(atLeast(1)),
  currency: required(currency),
  description: optional(text),
  destination: optional(text),
  metadata: optional(metadata),
  method: optional(oneOf('instant', 'standard')),
  payout_method: optional(text),
  source_type: optional(oneOf('bank_account', 'card', 'fpx')),
  statement_descriptor: optional(statement),
};

type CreateParams = Parsed<typeof createShape>;

function destinationOf(ctx: Context, { currency, destination }: CreateParams): ExternalAccount {
  const account = ctx.tx.must('account', ctx.account);
  if (destination === undefined) {
    const usual = payoutDestination(account, currency);
    if (!usual) {
      throw invalid(
        `Sorry, you don't have any external accounts in that currency (${currency}).`,
        'currency',
      );
    }
    return usual;
  }
  const named = account.external_accounts.find(({ id }) => id === destination);
  if (!named) throw noSuch('external account', destination, 'destination');
  if (named.currency !== currency) {
    throw invalid(
      `The currency of the external account (${named.currency}) does not match the currency of the payout (${currency}).`,
      'currency',
    );
  }
  return named;
}

function checkInstant({ amount }: CreateParams, destination: ExternalAccount): void {
  if (!destination.sandbox.instant) {
    throw invalid(
      'The external account provided is not eligible for Instant Payouts. Use another external account, or `method=standard`.',
      'method',
      'instant_payouts_unsupported',
    );
  }
  if (amount > INSTANT_LIMIT) {
    const kind = destination.object === 'card' ? 'debit cards' : 'bank accounts';
    throw invalid(`Instant Payouts to ${kind} are only supported for amounts less than or equal to $9999`);
  }
}

function checkFunds(
  ctx: Context,
  { amount, currency, source_type = 'card' }: CreateParams,
  fee: number,
): void {
  // The sandbox's money all comes from cards.
  const held = source_type === 'card' ? spendable(ctx, currency) : 0;
  if (amount + fee <= held) return;
  throw invalid(
    `You have insufficient funds in your Stripe account for this transfer. Your ${source_type} balance is too low.  You can use the /v1/balance endpoint to view your Stripe balance (for more details, see stripe.com/docs/api#balance).`,
    undefined,
    'balance_insufficient',
  );
}

const create = route('POST', '/v1/payouts', createShape, (ctx, params) => {
  const { amount, currency, method = 'standard' } = params;
  const step = payoutStep(currency);
  if (amount % step !== 0) {
    throw invalid(
      `Invalid amount. Payouts in ${currency.toUpperCase()} must be evenly divisible by ${step}. See https://stripe.com/docs/currencies#special-cases for more information.`,
      'amount',
    );
  }
  const destination = destinationOf(ctx, params);
  if (!ctx.tx.must('account', ctx.account).payouts_enabled) {
    throw invalid(
      'Payouts are not allowed for this account: its requirements have to be provided first.',
      undefined,
      'payouts_not_allowed',
    );
  }
  if (method === 'instant') checkInstant(params, destination);
  checkFunds(ctx, params, method === 'instant' ? instantFee(amount) : 0);
  const payout = sendPayout(ctx, {
    amount,
    currency,
    destination,
    automatic: false,
    method,
    description: params.description ?? null,
    statementDescriptor: params.statement_descriptor ?? null,
    metadata: mergeMetadata({}, params.metadata),
    sourceType: params.source_type ?? 'card',
  });
  return view(ctx, 'payout', payout);
});

function findPayout(ctx: Context, id: string): Payout {
  const payout = ctx.tx.get('payout', id);
  if (!payout || payout.owner !== ctx.account) throw noSuch('payout', id, 'payout', 404);
  return payout;
}

const retrieve = route('GET', '/v1/payouts/:payout', {}, (ctx, _params, ids) =>
  view(ctx, 'payout', findPayout(ctx, ids.payout)),
);

const update = route('POST', '/v1/payouts/:payout', { metadata: optional(metadata) }, (ctx, params, ids) => {
  const before = findPayout(ctx, ids.payout);
  const changed = ctx.tx.update('payout', before.id, {
    metadata: mergeMetadata(before.metadata, params.metadata),
  });
  emit(ctx, 'payout.updated', 'payout', changed, ctx.account);
  return view(ctx, 'payout', changed);
});

const cancel = route('POST', '/v1/payouts/:payout/cancel', {}, (ctx, _params, ids) => {
  const payout = findPayout(ctx, ids.payout);
  if (payout.status !== 'pending' || payout.automatic || payout.method === 'instant') {
    throw invalid(
      `Payouts can only be canceled while they are pending, and only if they were created by hand. The status of ${payout.id} is ${payout.status}.`,
    );
  }
  return view(ctx, 'payout', cancelPayout(ctx, payout));
});

/** https://docs.stripe.com/connect/payout-reversals */
const REVERSIBLE_SECONDS = 90 * DAY_SECONDS;

const reverse = route(
  'POST',
  '/v1/payouts/:payout/reverse',
  { metadata: optional(metadata) },
  (ctx, params, ids) => {
    const payout = findPayout(ctx, ids.payout);
    const destination = ctx.tx
      .must('account', ctx.account)
      .external_accounts.find(({ id }) => id === payout.destination);
    const { reversed_by, status } = payout;
    if (destination?.country !== 'US' || destination.object !== 'bank_account') {
      throw invalid('Only payouts to US bank accounts can be reversed.', 'payout');
    }
    if (payout.method === 'instant' || ctx.now - payout.arrival_date >= REVERSIBLE_SECONDS) {
      throw invalid(
        'Instant Payouts, and payouts that were expected to arrive 90 days ago or earlier, cannot be reversed.',
        'payout',
      );
    }
    if (status !== 'paid' || reversed_by !== null || payout.original_payout !== null) {
      throw invalid(
        `Payout ${payout.id} of ${formatAmount(payout.amount, payout.currency)} cannot be reversed: its status is ${reversed_by === null ? status : 'reversed'}.`,
        'payout',
      );
    }
    const back = sendPayout(ctx, {
      amount: -payout.amount,
      currency: payout.currency,
      destination,
      automatic: false,
      method: 'standard',
      description: null,
      statementDescriptor: null,
      metadata: mergeMetadata({}, params.metadata),
      sourceType: payout.source_type,
      original: payout.id,
    });
    const reversed = ctx.tx.update('payout', payout.id, { reversed_by: back.id });
    emit(ctx, 'payout.updated', 'payout', reversed, ctx.account);
    return view(ctx, 'payout', back);
  },
);

const list = route(
  'GET',
  '/v1/payouts',
  {
    ...pageShape,
    arrival_date: created,
    created,
    destination: optional(text),
    status: optional(text),
  },
  (ctx, params) => {
    const kept = filtered(
      ownRows(ctx, 'payout', params),
      (row) =>
        (params.destination === undefined || row.destination === params.destination) &&
        (params.status === undefined || row.status === params.status) &&
        createdMatches(params.arrival_date, row.arrival_date) &&
        createdMatches(params.created, row.created),
    );
    return listPage(ctx, 'payout', kept, params, '/v1/payouts');
  },
);

export const payoutRoutes = [create, cancel, reverse, retrieve, update, list];
