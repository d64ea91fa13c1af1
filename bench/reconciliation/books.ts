import { newOrder, type Order, type OrderTerms } from '../../domain/orders/order.ts';
import type { PaymentFacts } from '../../domain/orders/payment.ts';
import { transition } from '../../domain/orders/transition.ts';
import type { Findings } from '../../domain/reconciliation/reconciliation.ts';

/** Ten rows: two orders of three each, a payout, Stripe's fee, a special-case transfer, and a top-up or a difference. */
const ROWS_PER_BLOCK = 10;
const ORDERS_PER_BLOCK = 2;
/** In so many blocks one row is nobody's transfer: more than the report lists. */
const FOREIGN_EVERY = 50;
const CURRENCIES = ['usd', 'eur', 'gbp'] as const;
/** Of 10.00 with an application fee of 1.23: the charge less Stripe's fee, the transfer, the fee that comes back. */
const SALE = { charge: 941, transfer: -1000, applicationFee: 123 } as const;
const SALE_NET = SALE.charge + SALE.transfer + SALE.applicationFee;
const OTHERS = { payout: -500, stripe_fee: -7, transfer: -250, topup: 300, foreign: -33 } as const;
/** A real charge is about so long as JSON. */
const PADDING = 'x'.repeat(2_500);

export interface BooksOptions {
  /** How many balance transactions there are; a multiple of ten. */
  readonly rows: number;
  /** How many of the orders Temporal knows; the others have ended long ago. */
  readonly orders: number;
  /** Seconds since the epoch: just after the newest row. */
  readonly newest: number;
  /** Over how many seconds they are spread. */
  readonly spanSeconds: number;
}

/** `tallies`: count and amount by currency and standing, and why. */
export interface Totals extends Pick<Findings, 'orders' | 'differenceCount'> {
  readonly tallies: Readonly<Record<string, readonly number[]>>;
}

/** A platform's balance history as a function of a row's number: however long it is, it takes no memory. */
export class Books {
  readonly options: BooksOptions;
  readonly #blocks: number;

  constructor(options: BooksOptions) {
    this.options = options;
    this.#blocks = options.rows / ROWS_PER_BLOCK;
  }

  /** Stripe's list, newest first; `after`: the id of the last one of the page before. */
  page(after: string | null, limit: number) {
    const from = after === null ? 0 : rowOf(after) + 1;
    const until = Math.min(from + limit, this.options.rows);
    const data = Array.from({ length: until - from }, (_, index) => this.#row(from + index));
    return { object: 'list', url: '/v1/balance_transactions', has_more: until < this.options.rows, data };
  }

  /** A PaymentIntent with all that an order's side of the comparison expands. */
  paymentIntent(id: string) {
    const n = Number(id.slice('pi_'.length));
    const currency = currencyOf(Math.floor(n / ORDERS_PER_BLOCK));
    const entry = (type: string, net: number) => ({
      ...{ id: `txn_of_${type}_${n}`, object: 'balance_transaction', type, currency, net },
      created: this.options.newest - this.options.spanSeconds,
    });
    return {
      id,
      object: 'payment_intent',
      metadata: {},
      latest_charge: {
        ...chargeOf(n),
        amount_refunded: 0,
        disputed: false,
        balance_transaction: entry('charge', SALE.charge),
        failure_balance_transaction: null,
        transfer: {
          id: `tr_${n}`,
          amount_reversed: 0,
          balance_transaction: entry('transfer', SALE.transfer),
        },
        application_fee: {
          ...{ id: `fee_${n}`, amount_refunded: 0 },
          balance_transaction: entry('application_fee', SALE.applicationFee),
        },
      },
    };
  }

  /** The orders that Temporal knows, as their workflows show them. */
  *standingOrders(): Generator<Order> {
    for (let index = 0; index < this.options.orders; index++)
      yield orderOf(index * this.#stride, this.#oldestMs);
  }

  /** What a run has to find. */
  expected(): Totals {
    const tallies: Record<string, number[]> = {};
    const add = (key: string, net: number) => {
      const [count = 0, amount = 0] = tallies[key] ?? [];
      tallies[key] = [count + 1, amount + net];
    };
    for (let row = 0; row < this.options.rows; row++) {
      const { currency, net, standing } = this.#judged(row);
      add(`${currency} ${standing}`, net);
    }
    return {
      orders: { agreeing: this.options.orders, differing: 0, pending: 0 },
      differenceCount: Math.ceil(this.#blocks / FOREIGN_EVERY),
      tallies,
    };
  }

  get #oldestMs(): number {
    return (this.options.newest - this.options.spanSeconds) * 1000;
  }

  get #stride(): number {
    return Math.floor((this.#blocks * ORDERS_PER_BLOCK) / this.options.orders);
  }

  #isStanding(order: number): boolean {
    return order % this.#stride === 0 && order / this.#stride < this.options.orders;
  }

  #judged(row: number) {
    const [block, place] = [Math.floor(row / ROWS_PER_BLOCK), row % ROWS_PER_BLOCK];
    const currency = currencyOf(block);
    if (place < 6) {
      const order = block * ORDERS_PER_BLOCK + Math.floor(place / 3);
      const type = (['charge', 'transfer', 'applicationFee'] as const)[place % 3] ?? 'charge';
      const standing = this.#isStanding(order) ? 'matched' : 'explained order_ended';
      return { currency, net: SALE[type], standing, order, type };
    }
    const type = (['payout', 'stripe_fee', 'transfer', 'topup'] as const)[place - 6] ?? 'payout';
    if (type === 'topup' && block % FOREIGN_EVERY === 0) {
      return {
        currency,
        net: OTHERS.foreign,
        standing: 'unexplained',
        order: null,
        type: 'foreign',
      } as const;
    }
    const reason = type === 'transfer' ? 'special_case_transfer' : type;
    return { currency, net: OTHERS[type], standing: `explained ${reason}`, order: null, type };
  }

  #row(row: number) {
    const { currency, net, order, type } = this.#judged(row);
    const { newest, spanSeconds, rows } = this.options;
    return {
      id: `txn_${row}`,
      object: 'balance_transaction',
      type: { applicationFee: 'application_fee', foreign: 'transfer' }[type as string] ?? type,
      ...{ currency, net, amount: net, fee: 0, status: 'available', balance_type: 'payments' },
      created: newest - 1 - Math.floor((row / rows) * spanSeconds),
      source: order === null ? otherSource(type, row) : saleSource(type, order),
    };
  }
}

function rowOf(id: string): number {
  return Number(id.slice('txn_'.length));
}

function currencyOf(block: number): string {
  return CURRENCIES[block % CURRENCIES.length] ?? 'usd';
}

function chargeOf(n: number) {
  const metadata = { waybill_order: `bench-${n}`, waybill_operation: `cmd_${n}` };
  return { id: `ch_${n}`, object: 'charge', metadata, payment_intent: `pi_${n}`, transfer_group: null };
}

function saleSource(type: string, n: number) {
  if (type === 'charge') return { ...chargeOf(n), description: PADDING };
  const charge = `ch_${n}`;
  return type === 'transfer'
    ? { id: `tr_${n}`, object: 'transfer', metadata: {}, source_transaction: charge }
    : { id: `fee_${n}`, object: 'application_fee', originating_transaction: charge, charge: `py_${n}` };
}

function otherSource(type: string, row: number) {
  if (type === 'stripe_fee') return null;
  if (type === 'payout' || type === 'topup') return { id: `${type}_${row}`, object: type };
  const metadata = type === 'foreign' ? {} : { waybill_order: `bonus-${row}`, waybill_operation: 'cmd_1' };
  return { id: `tr_other_${row}`, object: 'transfer', metadata, source_transaction: null };
}

function orderOf(n: number, createdAt: number): Order {
  const currency = currencyOf(Math.floor(n / ORDERS_PER_BLOCK));
  const terms: OrderTerms = {
    ...{ id: `bench-${n}`, amount: 1000, currency, connectedAccount: 'acct_bench' },
    source: { customer: null, method: { type: 'payment_method', id: 'pm_bench' } },
    ...{ applicationFeeAmount: SALE.applicationFee, transferAmount: null, onBehalfOf: false },
    ...{ captureMethod: 'automatic', onCaptureExpiry: 'cancel', onDisputeLost: 'bear' },
    ...{ requestMulticapture: false, requestIncrementalAuthorization: false, offSession: false },
    ...{ returnUrl: null, statementDescriptorSuffix: null, description: null, metadata: {} },
    settlementMerchant: null,
  };
  const payment: PaymentFacts = {
    ...{ paymentIntent: `pi_${n}`, status: 'succeeded', livemode: false },
    ...{ amount: 1000, amountCapturable: 0, amountReceived: 1000 },
    ...{ latestCharge: `ch_${n}`, transfer: `tr_${n}`, applicationFee: `fee_${n}` },
    ...{ chargeFailure: null, authorizedAt: null, captureBefore: null, cancellationReason: null },
    ...{ nextAction: null, multicapture: false, incrementable: false, disputed: false },
    settlement: {
      ...{ currency, stripeFee: 59 },
      platform: { [currency]: SALE_NET },
      connected: { [currency]: 877 },
    },
  };
  return transition(newOrder(terms, createdAt, false), { type: 'payment_observed', payment });
}
