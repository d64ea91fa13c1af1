import Stripe from 'stripe';
import type { Caller } from './caller.ts';
import type { Facts } from './facts.ts';
import type { Sandbox } from './sandbox.ts';

export const DESTINATION = 'acct_1WaybillUSCustom';

/** Where work is done: by Waybill's API, in Stripe's Dashboard, at a bank. */
export interface Scene {
  readonly caller: Caller;
  readonly stripe: Stripe;
  readonly sandbox: Sandbox;
}

export interface OrderExpectation {
  readonly kind: 'order';
  readonly id: string;
  readonly status: string;
  readonly refunded: number;
}

export type OtherKind = 'payout' | 'transfer' | 'account';

export interface OtherExpectation {
  readonly kind: OtherKind;
  /** Waybill's, or the caller's. */
  readonly id: string;
  /** By the names of the API. */
  readonly asked: Facts;
}

/** What must be there in the end. */
export type Expectation = OrderExpectation | OtherExpectation;

/** One piece of work, under an id of its own. */
export type Work = (scene: Scene, id: string) => Promise<Expectation>;

const SALE = {
  amount: 1000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  connected_account: DESTINATION,
  application_fee_amount: 123,
};
const AUTOMATIC = { ...SALE, capture_method: 'automatic' };

function order(id: string, status: string, refunded = 0): Expectation {
  return { kind: 'order', id, status, refunded };
}

/** Nobody has to look at it. */
function other(kind: OtherKind, id: string, asked: Facts): Expectation {
  return { kind, id, asked: { ...asked, needs_attention: null } };
}

/** A command of an order; what it is answered with, if that is what it should be. */
async function command(
  { caller }: Scene,
  id: string,
  name: string,
  body: object = {},
  key = name,
): Promise<void> {
  const { status, body: answer } = await caller.post(`/v1/orders/${id}/${name}`, `${id}-${key}`, body);
  if (status !== 200) throw new Error(`${name} of ${id}: ${status} ${answer?.detail}`);
}

async function create({ caller }: Scene, id: string, terms: object, expected = 201): Promise<void> {
  const { status, body } = await caller.post('/v1/orders', `${id}-create`, { id, ...terms });
  if (status !== expected && status !== 200) throw new Error(`creation of ${id}: ${status} ${body?.detail}`);
}

/** An order once it shows something. */
async function shows(
  { caller }: Scene,
  id: string,
  what: string,
  isShown: (order: ShownOrder) => boolean,
  dueAt?: number,
) {
  return (await caller.getUntil(`/v1/orders/${id}`, what, isShown, dueAt)).body as ShownOrder;
}

interface ShownOrder {
  readonly complete: boolean;
  readonly payment_intent: string;
  readonly latest_charge: string;
  readonly amount_refunded: number;
  readonly reauthorizations: number;
  readonly dispute: { readonly id: string; readonly recovery: { readonly status: string } | null } | null;
}

/** Done in the Dashboard, or at a bank, while Stripe may be away. */
function outside<T>({ caller }: Scene, what: string, deed: () => Promise<T>): Promise<T> {
  return caller.until(what, async () => (await deed()) ?? null) as Promise<T>;
}

/** In the Dashboard, by somebody who looks first; a 500 that Stripe stored would answer every repeat under its key. */
function refundOutside(scene: Scene, id: string, { charge, amount }: { charge: string; amount: number }) {
  const { refunds } = scene.stripe;
  let failures = 0;
  return outside(scene, 'a refund in the Dashboard', async () => {
    const { data } = await refunds.list({ charge, limit: 1 });
    if (data[0]) return data[0];
    try {
      return await refunds.create({ charge, amount }, { idempotencyKey: `${id}-outside-${failures}` });
    } catch (error) {
      if (error instanceof Stripe.errors.StripeAPIError) failures += 1;
      throw error;
    }
  });
}

export const WORKS = {
  sale: async (scene, id) => {
    await create(scene, id, SALE);
    await command(scene, id, 'capture');
    for (const amount of [100, 250])
      await command(scene, id, 'refunds', { amount, reverse_transfer: true }, `refund-${amount}`);
    return order(id, 'captured', 350);
  },
  in_part: async (scene, id) => {
    await create(scene, id, SALE);
    await command(scene, id, 'capture', { amount: 600 });
    await command(scene, id, 'refunds', { reverse_transfer: true });
    return order(id, 'refunded', 600);
  },
  canceled: async (scene, id) => {
    await create(scene, id, SALE);
    await command(scene, id, 'cancel');
    return order(id, 'canceled');
  },
  declined: async (scene, id) => {
    const { payment_method: _, ...terms } = SALE;
    await create(scene, id, { ...terms, token: 'tok_chargeDeclinedInsufficientFunds' }, 402);
    await command(scene, id, 'confirm', { payment_method: 'pm_card_visa' });
    await command(scene, id, 'capture');
    return order(id, 'captured');
  },
  with_bonus: async (scene, id) => {
    const { application_fee_amount: _, ...terms } = AUTOMATIC;
    await create(scene, id, { ...terms, transfer_amount: 800 });
    await shows(scene, id, 'its settlement', ({ complete }) => complete);
    await command(scene, id, 'transfers', { amount: 50, description: 'bonus' });
    await command(scene, id, 'refunds', { reverse_transfer: true });
    return order(id, 'refunded', 1000);
  },
  refunded_outside: async (scene, id) => {
    await create(scene, id, AUTOMATIC);
    const { latest_charge: charge } = await shows(scene, id, 'its settlement', ({ complete }) => complete);
    await refundOutside(scene, id, { charge, amount: 300 });
    await shows(scene, id, 'the refund', ({ amount_refunded: refunded }) => refunded === 300);
    return order(id, 'captured', 300);
  },
  disputed: async (scene, id) => {
    await create(scene, id, { ...AUTOMATIC, on_dispute_lost: 'recover' });
    const { latest_charge: charge } = await shows(scene, id, 'its settlement', ({ complete }) => complete);
    await outside(scene, 'a dispute', () => scene.sandbox.disputeOnce(charge));
    const { dispute } = await shows(scene, id, 'the dispute', (shown) => shown.dispute !== null);
    await outside(scene, 'a verdict', () => scene.sandbox.decideOnce(dispute?.id ?? '', 'lost'));
    await shows(scene, id, 'the recovery', (shown) => shown.dispute?.recovery?.status === 'recovered');
    return order(id, 'captured');
  },
  payout: async ({ caller }, id) => {
    const body = { amount: 100, currency: 'usd' };
    const { status, body: payout } = await caller.post(`/v1/accounts/${DESTINATION}/payouts`, id, body);
    if (status !== 201) throw new Error(`payout ${id}: ${status} ${payout?.detail}`);
    return other('payout', payout.id, body);
  },
  transfer: async ({ caller }, id) => {
    const terms = { id, amount: 100, currency: 'usd', destination: DESTINATION, description: 'bonus' };
    const { status, body } = await caller.post('/v1/transfers', id, terms);
    if (status !== 201) throw new Error(`transfer ${id}: ${status} ${body?.detail}`);
    for (const part of [{ amount: 40 }, {}]) {
      const key = `${id}-back-${'amount' in part ? 'part' : 'rest'}`;
      const reversal = await caller.post(`/v1/transfers/${id}/reversals`, key, part);
      if (reversal.status !== 200) throw new Error(`reversal of ${id}: ${reversal.body?.detail}`);
    }
    return other('transfer', id, { ...terms, status: 'reversed', amount_reversed: 100, parts: [60, 40] });
  },
  account: async ({ caller }, id) => {
    const terms = { id, type: 'custom', country: 'US', capabilities: ['transfers'] };
    const { status, body } = await caller.post('/v1/accounts', id, terms);
    if (status !== 201) throw new Error(`account ${id}: ${status} ${body?.detail}`);
    await caller.post(`/v1/accounts/${id}/payout_schedule`, `${id}-schedule`, { interval: 'manual' });
    // Nobody says who it belongs to.
    return other('account', id, {
      reference: id,
      country: 'US',
      status: 'onboarding',
      payout_interval: 'manual',
    });
  },
} as const satisfies Record<string, Work>;

/** An order whose short capture window makes it renew its authorization; the window is set while it is created. */
export async function renewing(
  scene: Scene,
  id: string,
  { customer, windowMs }: { readonly customer: string; readonly windowMs: number },
): Promise<() => Promise<Expectation>> {
  const { payment_method: _, ...terms } = SALE;
  await create(scene, id, { ...terms, customer, on_capture_expiry: 'reauthorize' });
  const dueAt = performance.now() + windowMs / 2;
  return async () => {
    await shows(scene, id, 'a new authorization', ({ reauthorizations }) => reauthorizations > 0, dueAt);
    await command(scene, id, 'capture');
    return order(id, 'captured');
  };
}

/** Money that may be moved on at once: the account's for payouts, the platform's for transfers. Minor units. */
export async function earn(scene: Scene, amount: number): Promise<void> {
  const { payment_method: _, application_fee_amount: __, ...terms } = AUTOMATIC;
  const earned = { ...terms, amount, token: 'tok_bypassPending' };
  await create(scene, 'earned-by-account', earned);
  await create(scene, 'earned-by-platform', { ...earned, transfer_amount: 1 });
}
