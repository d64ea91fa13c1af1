import type { Order } from '../../domain/orders/order.ts';
import type { OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import type { World } from '../world/world.ts';
import type { Callers } from './caller.ts';
import { commandIdOf } from './caller.ts';
import { decideLater } from './decisions.ts';
import { actOutside, OUTSIDE } from './outside.ts';
import { otherMethod } from './pay-methods.ts';
import { payOutside, transferOutside } from './pay-outside.ts';
import { actAsPayer, isOfPayer } from './payers.ts';
import type { Deed, Plan, PlannedOrder } from './plan.ts';
import { isRare, prepare } from './rare-deeds.ts';
import { RESOLUTIONS } from './resolutions.ts';
import { BEGIN_MS } from './times.ts';

/** Plans all that the people of a plan do, and says when the last of them is done. */
export function live(world: World, callers: Callers, plan: Plan): number {
  let last = 0;
  for (const order of plan.orders) {
    world.clock.at(BEGIN_MS + order.at, () => begin(world, callers, order));
    last = Math.max(last, order.at);
    for (const [at, deed] of order.deeds.entries()) {
      last = Math.max(last, deed.at);
      world.clock.at(BEGIN_MS + deed.at, () => act(world, callers, order.id, `${order.numbers[at]}`, deed));
    }
  }
  return BEGIN_MS + last;
}

async function begin(world: World, callers: Callers, order: PlannedOrder): Promise<void> {
  const { id, adopted, connects } = order;
  const connectedAccount = world.openedOutside.get(connects ?? '') ?? order.terms.connectedAccount;
  const terms = { ...order.terms, connectedAccount };
  if (!adopted) return callers.create({ ...order, terms });
  const paymentIntent = await payOutside(world, terms);
  world.paidOutside.set(id, paymentIntent);
  world.clock.after(adopted.afterMs, async () => {
    for (let n = 0; n < adopted.transfers; n++) await transferOutside(world, paymentIntent, terms);
    callers.adopt(id, paymentIntent);
  });
}

async function act(
  world: World,
  callers: Callers,
  orderId: string,
  number: string,
  deed: Deed,
): Promise<void> {
  if (deed.name in OUTSIDE) return actOutside(world, orderId, deed);
  if (isOfPayer(deed.name)) return actAsPayer(world, orderId, deed);
  const order = orderOf(world, orderId);
  const body = isRare(deed.name) ? await prepare(world, callers, order, deed) : bodyOf(order, deed);
  if (!body) return;
  const name = `${number}-${deed.name}`;
  callers.command(orderId, name, body);
  const isMarked = body.kind === 'resolve' && body.action === 'mark_done';
  if (body.kind !== 'refund' && body.kind !== 'transfer' && !isMarked) return;
  decideLater(world, deed.amount, commandIdOf(orderId, name), {
    waiting: () => orderOf(world, orderId)?.approvals,
    decide: (decision, actor) => callers.command(orderId, `${name}-decided`, decision, actor),
  });
}

/** The order as a worker has it in its memory; null: none has. */
function orderOf(world: World, orderId: string): Order | null {
  const execution = world.server.newest.get(`order/${orderId}`);
  return execution ? ((world.server.peek(execution, 'order') as Order | undefined) ?? null) : null;
}

function bodyOf(order: Order | null, { name, amount }: Deed): OrderCommandBody | null {
  switch (name) {
    case 'capture':
      return { kind: 'capture', final: true };
    case 'capture_part':
      return { kind: 'capture', amount, final: true };
    case 'capture_some':
      return { kind: 'capture', amount, final: false };
    case 'cancel':
      return { kind: 'cancel' };
    case 'refund':
    case 'refund_reversing':
    case 'refund_all_back':
    case 'refund_rest':
      return {
        kind: 'refund',
        amount: name === 'refund_rest' ? undefined : amount,
        reverse_transfer: name === 'refund_reversing' || name === 'refund_all_back',
        refund_application_fee: name === 'refund_all_back',
      };
    case 'transfer':
      return { kind: 'transfer', amount, description: 'goodwill' };
    case 'reverse_transfer': {
      const transfer = order?.transfers[0]?.id;
      return transfer ? { kind: 'reverse_transfer', transfer, amount } : null;
    }
    case 'increment':
      return { kind: 'increment', amount: 1_000 + amount };
    case 'confirm':
      return { kind: 'confirm', payment_method: 'pm_card_visa' };
    case 'confirm_other':
      return { kind: 'confirm', payment_method: otherMethod({ amount }) };
    case 'confirm_back':
      return { kind: 'confirm' };
    case 'accept_dispute':
      return { kind: 'accept_dispute' };
    case 'resolve': {
      const action = RESOLUTIONS[amount % RESOLUTIONS.length] ?? 'retry';
      return { kind: 'resolve', action, reason: 'looked at it' };
    }
    default:
      return null;
  }
}
