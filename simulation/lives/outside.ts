import type { OrderTerms } from '../../domain/orders/order.ts';
import type { Handler } from '../../sandbox/control/handler.ts';
import { ControlError } from '../../sandbox/control/handler.ts';
import { paymentControls } from '../../sandbox/control/payments.ts';
import type { Answer } from '../../sandbox/http/answers.ts';
import { DEFAULT_PLATFORM_KEY, type Platform } from '../../sandbox/platform.ts';
import type { Chance } from '../world/chance.ts';
import type { Deed } from './plan.ts';

/** What happens to an order's payment without Waybill: by somebody in Stripe's Dashboard, or by a bank. */
type Outside = (scene: Scene, amount: number) => unknown;

/** What of a world others see and change. */
export interface AtStripe {
  readonly platform: Platform;
  /** PaymentIntents of which somebody else captured a part. */
  readonly capturedOutside: Set<string>;
  /** By order: the PaymentIntent that it takes over. */
  readonly paidOutside: ReadonlyMap<string, string>;
}

interface Scene {
  readonly world: AtStripe;
  readonly paymentIntent: string;
  readonly charge: string;
}

/** Moves that come only in the middle of something else. */
type Sudden = 'outside_capture_some' | 'outside_refund_rest';
interface OutsideDeed extends Pick<Deed, 'amount'> {
  readonly name: Deed['name'] | Sudden;
}

export const OUTSIDE: Readonly<Partial<Record<OutsideDeed['name'], Outside>>> = {
  outside_refund: (scene, amount) =>
    ask(scene.world, '/v1/refunds', { charge: scene.charge, amount, ...FLAGS[amount % FLAGS.length] }),
  outside_refund_rest: (scene, amount) =>
    ask(scene.world, '/v1/refunds', { charge: scene.charge, ...FLAGS[amount % FLAGS.length] }),
  outside_capture: (scene) => ask(scene.world, `/v1/payment_intents/${scene.paymentIntent}/capture`, {}),
  outside_capture_some: (scene, amount) => {
    const intent = scene.world.platform.world.store.get('payment_intent', scene.paymentIntent);
    scene.world.capturedOutside.add(scene.paymentIntent);
    return ask(scene.world, `/v1/payment_intents/${scene.paymentIntent}/capture`, {
      amount_to_capture: amount,
      final_capture: 'false',
      // One that has a fee names it with each capture.
      ...(intent?.application_fee_amount ? { application_fee_amount: amount % 7 } : {}),
    });
  },
  outside_reversal: (scene, amount) => {
    const { store } = scene.world.platform.world;
    const charges = new Set(store.ids('charge', 'payment_intent', scene.paymentIntent));
    const [transfer] = rowsOf(scene, 'transfer').filter(
      ({ source_transaction: source }) => source !== null && charges.has(source),
    );
    return transfer && ask(scene.world, `/v1/transfers/${transfer.id}/reversals`, { amount });
  },
  outside_fee_refund: (scene, amount) => {
    const fee = rowsOf(scene, 'application_fee').find(({ charge }) => charge === scene.charge);
    return fee && ask(scene.world, `/v1/application_fees/${fee.id}/refunds`, { amount: (amount % 40) + 1 });
  },
  refund_fails: (scene) => {
    const refund = rowsOf(scene, 'refund').find(
      ({ charge, status }) => charge === scene.charge && status === 'succeeded',
    );
    return refund && control(scene.world, paymentControls, 'POST /_sandbox/refunds/:id/fail', refund.id, {});
  },
  dispute: (scene, amount) =>
    control(scene.world, paymentControls, 'POST /_sandbox/charges/:id/dispute', scene.charge, {
      amount,
      inquiry: amount % 5 === 0,
    }),
  decide: (scene, amount) => {
    const dispute = rowsOf(scene, 'dispute').find(({ charge }) => charge === scene.charge);
    const verdict = amount % 2 === 0 ? 'won' : 'lost';
    const decide = 'POST /_sandbox/disputes/:id/decide';
    // Some are lost in part.
    const isInPart = verdict === 'lost' && amount % 3 === 0;
    return (
      dispute &&
      control(scene.world, paymentControls, decide, dispute.id, {
        verdict,
        ...(isInPart ? { returned: Math.ceil(dispute.amount / 3) } : {}),
      })
    );
  },
  /** The bank decides once more about what was lost. */
  win_late: (scene) => {
    const lost = rowsOf(scene, 'dispute').find(
      ({ charge, status }) => charge === scene.charge && status === 'lost',
    );
    const decide = 'POST /_sandbox/disputes/:id/decide';
    return lost && control(scene.world, paymentControls, decide, lost.id, { verdict: 'won' });
  },
};

const FLAGS = [
  {},
  { reverse_transfer: 'true' },
  { reverse_transfer: 'true', refund_application_fee: 'true' },
];

/** Does it, if there is a charge; Stripe may refuse. */
export async function actOutside(
  world: AtStripe,
  orderId: string,
  { name, amount }: OutsideDeed,
): Promise<void> {
  const deed = OUTSIDE[name];
  const intents = [...world.platform.world.store.rows('payment_intent')];
  const taken = world.paidOutside.get(orderId);
  const intent = intents.findLast(
    ({ id, metadata, latest_charge: charge }) =>
      charge && (metadata.waybill_order === orderId || id === taken),
  );
  if (!deed || !intent?.latest_charge) return;
  await deed({ world, paymentIntent: intent.id, charge: intent.latest_charge }, amount);
}

const MOVES = [
  'outside_refund',
  'outside_refund_rest',
  'outside_capture_some',
  'outside_reversal',
  'outside_fee_refund',
] as const;

/** One of those that move money. */
export function moveOutside(world: AtStripe, orderId: string, chance: Chance, place: string): Promise<void> {
  const name = chance.pick(`moved ${place}`, MOVES);
  return actOutside(world, orderId, { name, amount: chance.between(`moved amount ${place}`, 1, 100) });
}

type Table = 'transfer' | 'refund' | 'dispute' | 'application_fee';

function rowsOf<T extends Table>({ world }: Scene, table: T) {
  return [...world.platform.world.store.rows(table)];
}

/** Does it, if it makes sense at this moment. */
export function control(
  { platform }: AtStripe,
  controls: Readonly<Record<string, Handler>>,
  route: string,
  id: string,
  body: Record<string, unknown>,
): void {
  try {
    controls[route]?.(platform.world, { id, body, query: new URLSearchParams() });
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
  }
}

/** A customer with a card that can be charged again: what an order that renews its authorization needs. */
export async function createCustomer(world: AtStripe): Promise<OrderTerms['source']> {
  const customer = idIn(await ask(world, '/v1/customers', {}));
  const method = idIn(await ask(world, '/v1/payment_methods/pm_card_visa/attach', { customer }));
  return { customer, method: { type: 'payment_method', id: method } };
}

export function idIn(answer: Answer | undefined): string {
  return (JSON.parse(answer?.body ?? '{}') as { id: string }).id;
}

/** A request of somebody who has the platform's key: it is never lost. Stripe may refuse. */
export function ask(
  world: AtStripe,
  path: string,
  params: Record<string, string | number>,
): Promise<Answer | undefined> {
  const form = Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]);
  return send(world, 'POST', path, new URLSearchParams(form).toString());
}

/** What Stripe shows. */
export async function read(world: AtStripe, path: string): Promise<unknown> {
  return JSON.parse((await send(world, 'GET', path, ''))?.body ?? '{}');
}

function send(
  { platform }: AtStripe,
  method: string,
  path: string,
  body: string,
): Promise<Answer | undefined> {
  const headers: Record<string, string> = { authorization: `Bearer ${DEFAULT_PLATFORM_KEY}` };
  return platform.engine.handle({
    method,
    path,
    query: '',
    body,
    header: (name) => headers[name.toLowerCase()],
  });
}
