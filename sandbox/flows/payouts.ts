import type { Context } from '../core/context.ts';
import type { ExternalAccount, PayoutOutcome } from '../objects/accounts.ts';
import type { FeeDetail } from '../objects/connect.ts';
import type { Metadata } from '../objects/metadata.ts';
import type { Payout } from '../objects/payouts.ts';
import { externalAccountView } from '../views/accounts.ts';
import { saveAccount } from './accounts.ts';
import { balanceTransaction, post } from './balance.ts';
import { changes, emit, emitObject } from './events.ts';
import { standardArrival } from './payout-schedule.ts';

/** https://docs.stripe.com/api/payouts/failures */
const FAILURES: Record<Exclude<PayoutOutcome, 'paid'>, string> = {
  account_closed: 'The bank account has been closed.',
  could_not_process: 'The bank could not process this transfer.',
  debit_not_authorized: 'Debit transactions are not approved on the bank account.',
  insufficient_funds:
    'Your Stripe account has insufficient funds to cover the payout, or the bank account has insufficient funds.',
  invalid_currency:
    'The bank was unable to process this transfer because of its currency. This is probably because the bank account cannot accept payments in that currency.',
  no_account:
    'The bank account details on file are probably incorrect. No bank account could be located with those details.',
};

export function isFailure(code: unknown): code is Exclude<PayoutOutcome, 'paid'> {
  return typeof code === 'string' && Object.hasOwn(FAILURES, code);
}

const INSTANT_FEE_PERCENT = 1;
const INSTANT_FEE_MINIMUM = 50;
const INSTANT_SETTLES_SECONDS = 60;

/** In minor units: 9,999 whole dollars. */
export const INSTANT_LIMIT = 999_900;

/** 1 %, rounded half up, and at least 50. */
export function instantFee(amount: number): number {
  return Math.max(Math.floor((amount * INSTANT_FEE_PERCENT + 50) / 100), INSTANT_FEE_MINIMUM);
}

export interface PayoutRequest {
  amount: number;
  currency: string;
  destination: ExternalAccount;
  automatic: boolean;
  method: 'instant' | 'standard';
  description: string | null;
  statementDescriptor: string | null;
  metadata: Metadata;
  sourceType: string;
  original?: string;
}

/** Balance → bank, for the account acted as. A negative amount comes back the other way. */
export function sendPayout(ctx: Context, request: PayoutRequest): Payout {
  const { amount, currency, destination, method } = request;
  const id = ctx.ids.owned('po', ctx.account);
  const instant = method === 'instant';
  const { inTransit, arrival } = standardArrival(ctx.now);
  const fee: FeeDetail[] = instant
    ? [
        {
          amount: instantFee(amount),
          application: null,
          currency,
          description: 'Instant payout fee',
          type: 'stripe_fee',
        },
      ]
    : [];
  const { row, line } = balanceTransaction(ctx, {
    id: ctx.ids.owned('txn', ctx.account),
    owner: ctx.account,
    amount: -amount,
    available_on: ctx.now,
    currency,
    description: request.description ?? 'STRIPE PAYOUT',
    fee_details: fee,
    reporting_category: 'payout',
    source: id,
    type: 'payout',
  });
  post(ctx, 'payout', id, [
    line,
    { account: 'bank', currency, amount },
    { account: 'stripe:fees', currency, amount: row.fee },
  ]);
  const payout = ctx.tx.put('payout', {
    id,
    owner: ctx.account,
    amount,
    arrival_date: instant ? ctx.now : arrival,
    automatic: request.automatic,
    balance_transaction: row.id,
    created: ctx.now,
    currency,
    description: request.description ?? 'STRIPE PAYOUT',
    destination: destination.id,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    metadata: request.metadata,
    method,
    original_payout: request.original ?? null,
    reversed_by: null,
    source_type: request.sourceType,
    statement_descriptor: request.statementDescriptor,
    status: 'pending',
    type: destination.object,
    sandbox: { outcome: destination.sandbox.payout },
  });
  advanceAt(ctx, id, instant ? ctx.now + INSTANT_SETTLES_SECONDS : inTransit);
  emit(ctx, 'payout.created', 'payout', payout, ctx.account);
  return payout;
}

function advanceAt(ctx: Context, id: string, seconds: number): void {
  ctx.tx.put('job', { id: `payout ${id}`, dueMs: seconds * 1000, kind: 'advance_payout', subject: id });
}

/** pending → in transit → paid or failed, each at its time. */
export function advancePayout(ctx: Context, payoutId: string): void {
  const payout = ctx.tx.must('payout', payoutId);
  if (payout.status !== 'pending' && payout.status !== 'in_transit') return;
  if (ctx.now < payout.arrival_date) {
    const changed = ctx.tx.update('payout', payoutId, { status: 'in_transit' });
    emit(ctx, 'payout.updated', 'payout', changed, payout.owner);
    advanceAt(ctx, payoutId, payout.arrival_date);
    return;
  }
  if (payout.sandbox.outcome !== 'paid') {
    failPayout(ctx, payout, payout.sandbox.outcome);
    return;
  }
  const paid = ctx.tx.update('payout', payoutId, { status: 'paid' });
  emit(ctx, 'payout.paid', 'payout', paid, payout.owner);
  if (paid.automatic) emit(ctx, 'payout.reconciliation_completed', 'payout', paid, payout.owner);
}

/** The bank sends it back, also after it had been paid; that bank account is not used again. */
export function failPayout(ctx: Context, payout: Payout, code: Exclude<PayoutOutcome, 'paid'>): Payout {
  const acting: Context = { ...ctx, account: payout.owner };
  const failed = ctx.tx.update('payout', payout.id, {
    failure_balance_transaction: returnFunds(acting, payout, 'payout_failure'),
    failure_code: code,
    failure_message: FAILURES[code],
    status: 'failed',
  });
  emit(ctx, 'payout.failed', 'payout', failed, payout.owner);
  const reversing = payout.reversed_by === null ? undefined : ctx.tx.get('payout', payout.reversed_by);
  if (reversing?.status === 'pending') cancelPayout(acting, reversing);
  markErrored(ctx, payout);
  return failed;
}

/** Nothing is sent there until it is replaced, or its details are updated. */
function markErrored(ctx: Context, { owner, destination }: Payout): void {
  const account = ctx.tx.must('account', owner);
  const before = account.external_accounts.find(({ id }) => id === destination);
  if (!before || before.status === 'errored') return;
  const errored: ExternalAccount = { ...before, status: 'errored' };
  const shown = externalAccountView(owner, errored);
  const previous = changes(externalAccountView(owner, before), shown);
  emitObject(ctx, 'account.external_account.updated', shown, owner, previous);
  const external_accounts = account.external_accounts.map((one) => (one.id === destination ? errored : one));
  saveAccount(ctx, { ...account, external_accounts });
}

export function cancelPayout(ctx: Context, payout: Payout): Payout {
  const canceled = ctx.tx.update('payout', payout.id, {
    failure_balance_transaction: returnFunds(ctx, payout, 'payout_cancel'),
    status: 'canceled',
  });
  emit(ctx, 'payout.canceled', 'payout', canceled, payout.owner);
  return canceled;
}

function returnFunds(ctx: Context, payout: Payout, type: 'payout_cancel' | 'payout_failure'): string {
  const { amount, currency } = payout;
  const { row, line } = balanceTransaction(ctx, {
    id: ctx.ids.owned('txn', payout.owner),
    owner: payout.owner,
    amount,
    available_on: ctx.now,
    currency,
    description: type === 'payout_failure' ? 'STRIPE PAYOUT FAILURE' : 'STRIPE PAYOUT CANCEL',
    reporting_category: 'payout_reversal',
    source: payout.id,
    type,
  });
  post(ctx, type, payout.id, [line, { account: 'bank', currency, amount: -amount }]);
  return row.id;
}
