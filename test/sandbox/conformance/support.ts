/**
 * What the conformance tests share: a sandbox in this process, the official client pointed at it, and shorthands for
 * the few things that nearly every test does. The tests see nothing but HTTP, as if it were Stripe.
 */
import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createSandbox } from '../../../sandbox/index.ts';

export const PLATFORM_KEY = 'sk_test_waybill';

export const DAY_S = 86_400;

/** Longer than Stripe needs to bring what `automatic_async` leaves for later. */
export const ASYNC_CAPTURE_SETTLES_S = 60;

/** Longer than Stripe needs to look at who is behind a US account. */
const VERIFICATION_TAKES_S = 60;

const BASE_LENGTH = 16;

/** The clock stands still here until a test advances it, so that nothing depends on how fast the machine is. */
const CLOCK_STARTS_MS = Date.UTC(2026, 0, 15, 10, 30);

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every kind, looked at field by field in assertions
  readonly body: any;
}

export interface Refusal {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly error: Record<string, unknown>;
}

export interface Trail {
  readonly charge: Stripe.Charge;
  /** The charge's entry on the platform's balance. */
  readonly chargeEntry: Stripe.BalanceTransaction;
  readonly transfer: Stripe.Transfer;
  /** The connected account's side of the transfer, `py_…`. */
  readonly payment: Stripe.Charge;
  /** Its entry on the connected account's balance. */
  readonly paymentEntry: Stripe.BalanceTransaction;
}

type NewPayment = Partial<Stripe.PaymentIntentCreateParams>;

export class Conformance {
  #sandbox: ReturnType<typeof createSandbox> | undefined;
  #stripe: Stripe | undefined;
  url = '';

  get stripe(): Stripe {
    if (this.#stripe === undefined) throw new Error('The sandbox has not been started yet.');
    return this.#stripe;
  }

  async start(): Promise<void> {
    this.#sandbox = createSandbox({ seed: 1, now: CLOCK_STARTS_MS });
    const { url, port } = await this.#sandbox.listen(0);
    this.url = url;
    this.#stripe = new Stripe(PLATFORM_KEY, {
      host: '127.0.0.1',
      port,
      protocol: 'http',
      maxNetworkRetries: 0,
      telemetry: false,
    });
  }

  async stop(): Promise<void> {
    await this.#sandbox?.close();
  }

  /** A request as bytes, for what the client hides: headers, exact bodies, parameters that it wouldn't send. */
  async call(
    method: string,
    path: string,
    params: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<RawAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${PLATFORM_KEY}`, ...headers },
      ...(method === 'POST' && { body: new URLSearchParams(params) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  }

  async control(path: string, body: unknown): Promise<void> {
    const response = await fetch(`${this.url}/_sandbox/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok)
      throw new Error(`/_sandbox/${path} answered ${response.status}: ${await response.text()}`);
  }

  async advanceClock(seconds: number): Promise<void> {
    await this.control('clock/advance', { seconds });
  }

  /** A custom account that can take payments, with nothing on its balance. */
  async account(country = 'US', currency = 'usd'): Promise<string> {
    const { id } = await this.stripe.accounts.create({
      type: 'custom',
      country,
      default_currency: currency,
      business_type: 'individual',
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      external_account: {
        object: 'bank_account',
        country,
        currency,
        account_number: '000123456789',
        routing_number: country === 'CA' ? '11000-000' : '110000000',
      },
      settings: { payouts: { schedule: { interval: 'manual' } } },
    });
    if (country === 'US') await this.advanceClock(VERIFICATION_TAKES_S);
    return id;
  }

  /** A payment on the platform, confirmed at once with a good card unless the test says otherwise. */
  async pay(params: NewPayment = {}, options: Stripe.RequestOptions = {}): Promise<Stripe.PaymentIntent> {
    return await this.stripe.paymentIntents.create(
      {
        amount: 1000,
        currency: 'usd',
        payment_method: 'pm_card_visa',
        confirm: true,
        capture_method: 'automatic',
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        ...params,
      },
      options,
    );
  }

  /** A payment whose money goes to a connected account: all of it, or `transferAmount`. */
  async destinationCharge(
    destination: string,
    { transferAmount, ...params }: NewPayment & { transferAmount?: number } = {},
    options: Stripe.RequestOptions = {},
  ): Promise<Stripe.PaymentIntent> {
    const amount = transferAmount === undefined ? {} : { amount: transferAmount };
    return await this.pay({ ...params, transfer_data: { destination, ...amount } }, options);
  }

  /** Money that the platform can spend at once. */
  async fundPlatform(amount: number): Promise<void> {
    await this.pay({ amount, payment_method: 'pm_card_bypassPending' });
  }

  async charge(intent: Stripe.PaymentIntent): Promise<Stripe.Charge> {
    return await this.stripe.charges.retrieve(idOf(intent.latest_charge), {
      expand: ['balance_transaction'],
    });
  }

  /** Follows a destination charge's money from the card to the connected account. */
  async trail(intent: Stripe.PaymentIntent): Promise<Trail> {
    const charge = await this.charge(intent);
    const transfer = await this.stripe.transfers.retrieve(idOf(charge.transfer));
    const payment = await this.payment(transfer);
    return {
      charge,
      chargeEntry: expanded(charge.balance_transaction),
      transfer,
      payment,
      paymentEntry: expanded(payment.balance_transaction),
    };
  }

  /** The connected account's side of a transfer, with its refunds, as that account sees it. */
  async payment(transfer: Stripe.Transfer): Promise<Stripe.Charge> {
    return await this.stripe.charges.retrieve(
      idOf(transfer.destination_payment),
      { expand: ['balance_transaction', 'refunds.data.balance_transaction', 'application_fee.refunds'] },
      { stripeAccount: idOf(transfer.destination) },
    );
  }

  /** All of a balance in one currency, reserves included; a connected account's when one is named. */
  async balanceOf(account?: string, currency = 'usd'): Promise<number> {
    const options = account === undefined ? {} : { stripeAccount: account };
    const { available, pending, connect_reserved } = await this.stripe.balance.retrieve({}, options);
    return sumOf([...available, ...pending, ...(connect_reserved ?? [])], currency);
  }
}

/** A sandbox for the tests of one file. Whatever a test does to it, every cent must still have two sides. */
export function useSandbox(): Conformance {
  const conformance = new Conformance();
  beforeAll(() => conformance.start());
  afterEach(async () => {
    const { body: ledger } = await conformance.call('GET', '/_sandbox/ledger?limit=1');
    expect(ledger.total, `the ledger's sums are ${JSON.stringify(ledger.sum)}`).toBe(0);
  });
  afterAll(() => conformance.stop());
  return conformance;
}

/** Waits for a refusal and hands it over as Stripe sent it. */
export async function refusal(request: Promise<unknown>): Promise<Refusal> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    const { headers, statusCode, requestId: _, ...sent } = error.raw as Record<string, unknown>;
    return {
      status: Number(statusCode),
      headers: headers as Record<string, string>,
      error: sent,
    };
  }
  throw new Error('The request was accepted, but should have been refused.');
}

/** With a key, Stripe's answers tell more: which request they are of, and whether another try makes sense. */
export function keyed(): { idempotencyKey: string } {
  return { idempotencyKey: randomUUID() };
}

export function idOf(field: string | { id: string } | null | undefined): string {
  if (field === null || field === undefined) throw new Error('The field is empty, an id was expected.');
  return typeof field === 'string' ? field : field.id;
}

export function expanded<T extends { id: string }>(field: string | T | null | undefined): T {
  if (field === null || field === undefined) throw new Error('The field is empty, an object was expected.');
  if (typeof field === 'string') throw new Error(`${field} has not been expanded.`);
  return field;
}

/** The part of an id that the objects of one payment share. */
export function baseOf(id: string): string {
  return id.slice(id.indexOf('_') + 1).slice(0, BASE_LENGTH);
}

export function sumOf(amounts: readonly { amount: number; currency: string }[], currency: string): number {
  return amounts.reduce((sum, entry) => (entry.currency === currency ? sum + entry.amount : sum), 0);
}

/** What Stripe keeps of a card payment in the US: 2.9 %, rounded half up, and 30. */
export function cardFee(amount: number): number {
  return Math.floor((amount * 29 + 500) / 1000) + 30;
}

export const at = <T>(list: readonly T[], index: number): T => {
  const item = list[index];
  if (item === undefined) throw new Error(`The list has no item ${index}: it has ${list.length}.`);
  return item;
};
