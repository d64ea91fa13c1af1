import { paymentControls } from '../../sandbox/control/payments.ts';
import { finishDebit } from '../../sandbox/flows/debits.ts';
import type { PaymentIntent } from '../../sandbox/objects/payments.ts';
import type { Execution } from '../temporal/execution.ts';
import type { Chance } from '../world/chance.ts';
import type { OrderDeed } from './deeds.ts';
import { PAYER_DEEDS } from './deeds.ts';
import type { AtStripe } from './outside.ts';
import { ask, control } from './outside.ts';
import { otherMethod } from './pay-methods.ts';
import type { Deed } from './plan.ts';

/** Customers see what an order shows, and Stripe. */
interface World extends AtStripe {
  readonly server: { readonly newest: ReadonlyMap<string, Pick<Execution, 'searchAttributes'>> };
}

const NAMES: ReadonlySet<string> = new Set(PAYER_DEEDS);

export function isOfPayer(name: OrderDeed): boolean {
  return NAMES.has(name) && !name.startsWith('confirm');
}

/** What the customer does with the payment's client secret, or the bank with a debit, if it makes sense at this moment. */
export async function actAsPayer(
  world: World,
  orderId: string,
  { name, amount }: Pick<Deed, 'name' | 'amount'>,
): Promise<void> {
  const intent = knownIntent(world, orderId);
  if (!intent) return;
  switch (name) {
    case 'authenticate':
      return authenticate(world, intent, 'succeeded');
    case 'fail_authentication':
      return authenticate(world, intent, 'failed');
    case 'pay_again':
      await ask(world, `/v1/payment_intents/${intent.id}/confirm`, {
        payment_method: otherMethod({ amount }),
      });
      return;
    case 'debit_fails_late':
      if (intent.latest_charge)
        control(world, paymentControls, 'POST /_sandbox/charges/:id/fail', intent.latest_charge, {});
  }
}

/** Between two requests of a worker: the customer answers, or the bank. */
export function answerMeanwhile(world: World, orderId: string, chance: Chance, place: string): void {
  const intent = knownIntent(world, orderId);
  if (!intent || !WAITS.has(intent.status) || !chance.happens('payer_meanwhile', place)) return;
  if (intent.status === 'requires_action') {
    authenticate(world, intent, chance.of(`answer ${place}`) < 0.7 ? 'succeeded' : 'failed');
    return;
  }
  const { latest_charge: charge } = intent;
  if (charge && world.platform.world.store.get('job', `debit ${charge}`)) {
    world.platform.world.transaction((ctx) => finishDebit(ctx, charge));
  }
}

const WAITS: ReadonlySet<string> = new Set(['requires_action', 'processing']);

function authenticate(world: World, { id }: PaymentIntent, outcome: 'succeeded' | 'failed'): void {
  control(world, paymentControls, 'POST /_sandbox/payment_intents/:id/authenticate', id, { outcome });
}

/** The payment whose client secret the customer has: the order has shown it, or it was made without Waybill. */
function knownIntent({ server, platform, paidOutside }: World, orderId: string): PaymentIntent | undefined {
  const shown = server.newest.get(`order/${orderId}`)?.searchAttributes.PaymentIntent;
  const id = paidOutside.get(orderId) ?? shown;
  return typeof id === 'string' ? platform.world.store.get('payment_intent', id) : undefined;
}
