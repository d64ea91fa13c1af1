import { setImmediate as turn } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../activities/index.ts';
import { withoutRetriesOfBugs } from '../../activities/shared/bugs.ts';
import type { OperationOutcome, OrderOperation, StripeOperation } from '../../contract/operations.ts';
import type { StripeFailure } from '../../domain/errors.ts';
import { problem, STRIPE_NEEDS_ATTENTION, STRIPE_RETRYABLE } from '../../domain/errors.ts';
import { idempotencyKey } from '../../domain/ids.ts';
import type { Adjustment } from '../../domain/orders/adjustment.ts';
import type { Dispute } from '../../domain/orders/dispute.ts';
import { mergeMetadata } from '../../domain/orders/metadata.ts';
import type { Refund } from '../../domain/orders/order.ts';
import type { PaymentFacts } from '../../domain/orders/payment.ts';
import type { TransferReversal } from '../../domain/orders/present-transfer.ts';
import { adjustment, facts, NOW, refund, transfer } from './builders.ts';

/** What happens to one call: it is answered so, or it fails before or after its effect. */
type Step =
  | { readonly answer: OperationOutcome }
  | { readonly lost: 'before' | 'after' }
  | { readonly attention: string }
  | { readonly bug: string };

/** What a Stripe of nothing but activities knows of one order. */
interface Account {
  payment: PaymentFacts;
  /** When an authorization of it lapses; milliseconds since the epoch. */
  captureBefore: number | null;
  authorizedAt: number | null;
  /** Every call that was made, in order. */
  readonly calls: OrderOperation[];
  /** Effects by operation id: what a look without the key finds. */
  readonly effects: Map<string, OperationOutcome>;
  /** Answers by idempotency key. */
  readonly answers: Map<string, OperationOutcome>;
  readonly steps: Step[];
  /** What a reading shows besides the payment. */
  disputes: readonly Dispute[];
  refunds: readonly Refund[];
  reads: number;
  /** No call and no read is answered. */
  down: boolean;
  /** Why no read is answered until somebody does something about it. */
  unreadable: string | null;
  /** The same of looks for effects. */
  unseen: string | null;
  /** Calls wait for it before they are answered. */
  held: Promise<void>;
  running: number;
  /** The most calls that ran at the same time. */
  runningMax: number;
}

/** The issuer says no; Stripe keeps a payment that may be confirmed again, or (null) nothing. */
export function declinedLeaving(payment: PaymentFacts | null): OperationOutcome {
  return {
    type: 'declined',
    stripeRequestId: 'req_declined',
    decline: { code: 'card_declined', declineCode: 'lost_card', message: 'No.', param: null, at: NOW },
    payment,
  };
}

export const refused: Extract<OperationOutcome, { type: 'refused' }> = {
  type: 'refused',
  stripeRequestId: 'req_refused',
  payment: null,
  problem: problem('stripe_refused', "No such destination: 'acct_x'", { stripeCode: 'resource_missing' }),
};

/** With a type, as any fact may have one: it must not be taken for a failure. */
const TRANSFER = { type: 'transfer', amount: 1000, amountReversed: 0, others: [] };

const notScripted = async (): Promise<never> => {
  throw new Error('accounts have no script');
};

const NO_ACCOUNTS = {
  create_account: notScripted,
  connect_account: notScripted,
  update_account: notScripted,
  add_person: notScripted,
  add_external_account: notScripted,
  reject_account: notScripted,
  deauthorize_account: notScripted,
  readAccount: notScripted,
  signalOrders: notScripted,
};

const NO_PAYOUTS = {
  payout: notScripted,
  cancel_payout: notScripted,
  readPayout: notScripted,
  readFunds: notScripted,
};

function ofOrder(operation: StripeOperation): OrderOperation {
  if ('orderId' in operation) return operation;
  throw new Error('accounts have no script');
}

/**
 * Stands in for Stripe's side of the activities, where a test is about the workflow's own decisions: it has idempotency
 * keys and remembers effects, and each order's calls can be told to fail.
 */
export class ScriptedStripe {
  readonly #accounts = new Map<string, Account>();
  /** What was reversed of any transfer, or why that is not answered. */
  reversals: readonly TransferReversal[] | { readonly unreadable: string } = [];

  of(orderId: string): Account {
    const known = this.#accounts.get(orderId);
    if (known) return known;
    const account: Account = {
      payment: facts('requires_payment_method', { paymentIntent: `pi_${orderId}` }),
      captureBefore: null,
      authorizedAt: null,
      calls: [],
      effects: new Map(),
      answers: new Map(),
      steps: [],
      disputes: [],
      refunds: [],
      reads: 0,
      down: false,
      unreadable: null,
      unseen: null,
      held: Promise.resolve(),
      running: 0,
      runningMax: 0,
    };
    this.#accounts.set(orderId, account);
    return account;
  }

  readonly activities: Activities = withoutRetriesOfBugs({
    authorize: (operation) => this.#call(operation),
    confirm: (operation) => this.#call(operation),
    capture: (operation) => this.#call(operation),
    cancel: (operation) => this.#call(operation),
    refund: (operation) => this.#call(operation),
    transfer: (operation) => this.#call(operation),
    reverse_transfer: (operation) => this.#call(operation),
    increment: (operation) => this.#call(operation),
    reauthorize: (operation) => this.#call(operation),
    release: (operation) => this.#call(operation),
    recover: (operation) => this.#call(operation),
    update_metadata: (operation) => this.#call(operation),
    submit_evidence: (operation) => this.#call(operation),
    accept_dispute: (operation) => this.#call(operation),
    ...NO_ACCOUNTS,
    ...NO_PAYOUTS,
    adopt: (operation) => this.#call(operation),
    observePayment: async ({ paymentIntent }) => {
      const account = this.of(paymentIntent.replace(/^pi_|~\d+$/g, ''));
      account.reads += 1;
      if (account.down) throw unreachable();
      if (account.unreadable) throw attention(account.unreadable);
      const { payment, refunds, disputes } = account;
      return { payment, metadata: {}, decline: null, refunds, adjustments: reversalsOf(account), disputes };
    },
    readTransfer: async () => TRANSFER,
    readReversals: async () => {
      if ('unreadable' in this.reversals) throw attention(this.reversals.unreadable);
      return this.reversals;
    },
    findEffect: async (operation) => {
      const { orderId, operationId } = ofOrder(operation);
      const { down, unseen, effects } = this.of(orderId);
      if (down) throw unreachable();
      if (unseen) throw attention(unseen);
      return effects.get(operationId) ?? null;
    },
    verifyEffect: async (operation, stripeId) => {
      const { orderId, operationId } = ofOrder(operation);
      if (this.of(orderId).down) throw unreachable();
      const effect = this.of(orderId).effects.get(operationId);
      return effect && stripeIdOf(effect) === stripeId ? effect : null;
    },
  });

  async #call(operation: OrderOperation): Promise<OperationOutcome> {
    const account = this.of(operation.orderId);
    account.calls.push(operation);
    account.running += 1;
    account.runningMax = Math.max(account.running, account.runningMax);
    try {
      // A real call takes a while: what can interleave does it here.
      for (let turns = 0; turns < 5; turns++) await turn();
      await account.held;
      return this.#answer(account, operation);
    } finally {
      account.running -= 1;
    }
  }

  #answer(account: Account, operation: OrderOperation): OperationOutcome {
    if (account.down) throw unreachable();
    const key = idempotencyKey(operation);
    const stored = account.answers.get(key);
    if (stored) return stored;
    const step = account.steps.shift() ?? { answer: outcomeOf(account, operation) };
    if ('attention' in step) throw attention(step.attention);
    if ('bug' in step) throw new TypeError(step.bug);
    if ('lost' in step && step.lost === 'before') throw unreachable();
    const answer = 'answer' in step ? step.answer : outcomeOf(account, operation);
    account.answers.set(key, answer);
    record(account, operation, answer);
    if ('lost' in step) throw unreachable();
    return answer;
  }
}

/** The code under which an order is stuck while its Stripe is down. */
export const UNREACHABLE = 'api_connection_error';

function unreachable(): ApplicationFailure {
  const failure: StripeFailure = { code: UNREACHABLE, message: 'no answer', stripeRequestId: null };
  return ApplicationFailure.create({ type: STRIPE_RETRYABLE, message: failure.message, details: [failure] });
}

function attention(code: string): ApplicationFailure {
  const failure: StripeFailure = { code, message: 'look at it', stripeRequestId: 'req_stuck' };
  return ApplicationFailure.nonRetryable(failure.message, STRIPE_NEEDS_ATTENTION, failure);
}

function record(
  account: Account,
  { operation, operationId }: OrderOperation,
  outcome: OperationOutcome,
): void {
  if (outcome.type === 'payment' && operation !== 'release') account.payment = outcome.payment;
  const isEffect = ['payment', 'refund', 'transfer', 'reversal', 'adjustment', 'dispute'].includes(
    outcome.type,
  );
  if (isEffect) account.effects.set(operationId, outcome);
}

/** What Stripe does when nothing goes wrong. */
function outcomeOf(account: Account, operation: OrderOperation): OperationOutcome {
  const { operationId } = operation;
  const stripeRequestId = `req_${operationId}`;
  const { captureBefore, authorizedAt, effects } = account;
  const { paymentIntent } = account.payment;
  const paid = (next: PaymentFacts): OperationOutcome => ({
    type: 'payment',
    stripeRequestId,
    payment: next,
  });
  switch (operation.operation) {
    case 'authorize': {
      const amount = operation.terms.amount;
      return operation.terms.captureMethod === 'manual'
        ? paid(
            facts('requires_capture', {
              paymentIntent,
              authorizedAt,
              captureBefore,
              amount,
              amountCapturable: amount,
            }),
          )
        : paid(facts('succeeded', { paymentIntent, amountReceived: amount }));
    }
    case 'adopt': {
      const adopted = {
        payment: account.payment,
        metadata: {},
        decline: null,
        refunds: [],
        adjustments: [],
        disputes: [],
        transfers: [],
      };
      return { type: 'adopted', stripeRequestId, adopted: { ...adopted, createdAt: NOW } };
    }
    case 'confirm':
      return paid(facts('requires_capture', { paymentIntent, authorizedAt, captureBefore }));
    case 'capture':
      return paid(facts('succeeded', { paymentIntent, amountReceived: operation.amount }));
    case 'cancel':
      return paid(facts('canceled', { paymentIntent, cancellationReason: operation.reason }));
    case 'refund': {
      const amount = operation.amount ?? amountLeft(account);
      const made = refund({ id: `re_${effects.size}`, operationId, amount, platform: { usd: -amount } });
      return { type: 'refund', stripeRequestId, refund: made };
    }
    case 'transfer': {
      const { amount, destination } = operation;
      const made = transfer({ id: `tr_${effects.size}`, operationId, amount, destination });
      return { type: 'transfer', stripeRequestId, transfer: made };
    }
    case 'reverse_transfer': {
      const { transfer: reversed, amount } = operation;
      const made = { id: `trr_${effects.size}`, operationId, transfer: reversed, amount: amount ?? 100 };
      return { type: 'adjustment', stripeRequestId, adjustment: adjustment(made) };
    }
    case 'update_metadata':
      return { type: 'metadata', stripeRequestId, metadata: mergeMetadata({}, operation.changes) };
    case 'increment':
      return paid({ ...account.payment, amount: operation.amount, amountCapturable: operation.amount });
    case 'reauthorize': {
      const renewed = `${paymentIntent.replace(/~\d+$/, '')}~${operation.cycle}`;
      const { authorizedAt: start, captureBefore: end } = account.payment;
      const window = (end ?? 0) - (start ?? 0);
      const from = { authorizedAt: end, captureBefore: (end ?? 0) + window };
      return paid(
        facts('requires_capture', { ...from, paymentIntent: renewed, latestCharge: `ch_${renewed}` }),
      );
    }
    case 'release':
      return paid(facts('canceled', { paymentIntent: operation.paymentIntent }));
    case 'recover': {
      const { transfer: reversed, amount } = operation;
      const id = `trr_${effects.size}`;
      return {
        type: 'reversal',
        stripeRequestId,
        reversal: { id, transfer: reversed, amount, currency: 'usd' },
      };
    }
    case 'submit_evidence':
      return disputed(account, operation.dispute, { status: 'under_review', submissionCount: 1 });
    case 'accept_dispute':
      return disputed(account, operation.dispute, { status: 'lost' });
  }
}

function disputed(account: Account, id: string, changes: Partial<Dispute>): OperationOutcome {
  account.disputes = account.disputes.map((known) => (known.id === id ? { ...known, ...changes } : known));
  const dispute = account.disputes.find((known) => known.id === id);
  if (!dispute) throw new Error(`no dispute ${id}`);
  return { type: 'dispute', stripeRequestId: 'req_dispute', dispute };
}

/** What recoveries moved, as a reading of the payment shows it. */
/** Of what was paid, minor units. */
function amountLeft({ payment, effects }: Account): number {
  const made = [...effects.values()].map((effect) => (effect.type === 'refund' ? effect.refund.amount : 0));
  return made.reduce((left, amount) => left - amount, payment.amountReceived);
}

function reversalsOf({ effects }: Account): readonly Adjustment[] {
  return [...effects.values()].flatMap((effect) => {
    if (effect.type !== 'reversal') return [];
    const { id, transfer, amount, currency } = effect.reversal;
    const moved = { platform: { [currency]: amount }, connected: { [currency]: -amount } };
    return [adjustment({ id, transfer, amount, currency, ...moved })];
  });
}

function stripeIdOf(outcome: OperationOutcome): string | null {
  switch (outcome.type) {
    case 'payment':
      return outcome.payment.paymentIntent;
    case 'refund':
      return outcome.refund.id;
    case 'transfer':
      return outcome.transfer.id;
    case 'reversal':
      return outcome.reversal.id;
    case 'dispute':
      return outcome.dispute.id;
    default:
      return null;
  }
}
