import type { Order } from '../../domain/orders/order.ts';
import { paymentIntentOf } from '../../domain/orders/order.ts';
import type { Store } from '../../sandbox/core/store.ts';
import type { Transfer, TransferReversal } from '../../sandbox/objects/connect.ts';
import type { Dispute } from '../../sandbox/objects/disputes.ts';
import type { Charge } from '../../sandbox/objects/payments.ts';
import type { Plan } from '../lives/plan.ts';
import type { World } from '../world/world.ts';

const RECOVERS = 'recover:';

/** What a lost dispute takes from the connected account: its share, and nothing where the platform bears it. */
export class Recoveries {
  readonly #world: World;
  readonly #fail: (why: string) => void;
  /** Orders whose accounts bear lost disputes. What is taken over is borne by the platform, as every default here. */
  readonly #recovering: ReadonlySet<string>;

  constructor(world: World, { orders }: Plan, fail: (why: string) => void) {
    this.#world = world;
    this.#fail = fail;
    this.#recovering = new Set(
      orders
        .filter(({ terms, adopted }) => !adopted && terms.onDisputeLost === 'recover')
        .map(({ id }) => id),
    );
  }

  /** Also where no worker knows the order at this moment. */
  #isShownLost(orderId: string, disputeId: string): boolean {
    const { server } = this.#world;
    const execution = server.newest.get(`order/${orderId}`);
    const order = execution && (server.peek(execution, 'order') as Order | undefined);
    return order?.disputes.find(({ id }) => id === disputeId)?.status !== 'won';
  }

  made({ id, amount, transfer: transferId, metadata }: TransferReversal): void {
    const { waybill_operation: operation = '', waybill_order: orderId = '' } = metadata;
    if (!operation.startsWith(RECOVERS)) return;
    const { store } = this.#world.platform.world;
    const dispute = store.get('dispute', operation.slice(RECOVERS.length));
    const transfer = store.get('transfer', transferId);
    // Nobody knows yet that the bank has decided once more.
    const isUnheard = dispute?.status === 'won' && this.#isShownLost(orderId, dispute.id);
    if (!transfer || !dispute || (dispute.status !== 'lost' && !isUnheard)) {
      this.#fail(`${id} recovers ${operation}, which is ${dispute?.status}`);
      return;
    }
    if (!this.#recovering.has(orderId)) this.#fail(`${id} recovers what the platform bears of ${orderId}`);
    if (isUnheard) return;
    const share = shareOf(store, dispute, transfer.amount);
    if (amount > Math.ceil(share)) this.#fail(`${id} takes ${amount} of a share of ${share}`);
    const isAllThatWasLeft = transfer.amount_reversed === transfer.amount;
    if (amount < Math.floor(share) && !isAllThatWasLeft)
      this.#fail(`${id} takes only ${amount} of a share of ${share}`);
  }
}

/** Of a transfer, in its currency: in proportion to what was lost of its charge. */
function shareOf(store: Store, dispute: Dispute, transferred: number): number {
  const captured = store.get('charge', dispute.charge)?.amount_captured ?? 0;
  const entries = [...store.ids('balance_transaction', 'source', dispute.id)].map((id) =>
    store.get('balance_transaction', id),
  );
  const given = entries.reduce((sum, entry) => sum + Math.max(entry?.amount ?? 0, 0), 0);
  const taken = entries.reduce((sum, entry) => sum + Math.max(-(entry?.amount ?? 0), 0), 0);
  if (captured === 0 || taken === 0) return 0;
  return (transferred * dispute.amount * (taken - given)) / (taken * captured);
}

/**
 * A lost dispute whose account owes its share, and of which nobody takes anything or is asked, or one that was won once the share
 * was taken, of which nobody is told; null: none.
 */
export function unrecovered({ platform }: World, order: Order): string | null {
  if (order.payment.status !== 'captured') return null;
  const { store } = platform.world;
  const charges = [...store.ids('charge', 'payment_intent', paymentIntentOf(order) ?? '')];
  for (const charge of charges.flatMap((id) => store.get('charge', id) ?? [])) {
    const why = ofCharge(store, order, charge);
    if (why) return why;
  }
  return null;
}

function ofCharge(store: Store, { terms, recoveries, notices }: Order, charge: Charge): string | null {
  if (charge.status !== 'succeeded') return null;
  for (const id of store.ids('dispute', 'charge', charge.id)) {
    const dispute = store.get('dispute', id);
    const recovery = recoveries.find(({ disputeId }) => disputeId === id);
    const isToldOfWin = notices.some(({ code, subject }) => code === 'recovered_and_won' && subject === id);
    if (dispute?.status === 'won' && !isToldOfWin) {
      const taken = ownTransfersOf(store, charge).some((one) => isRecovered(store, dispute, one));
      if (taken) return `${id} was won after its share was taken, and nobody was told`;
    }
    if (terms.onDisputeLost !== 'recover' || dispute?.status !== 'lost') continue;
    if (!recovery) return `${id} is lost, and nothing is done about its share`;
    const isAsked = notices.some(({ subject }) => subject === id);
    if ((recovery.status === 'pending' || recovery.status === 'refused') && !isAsked)
      return `the recovery of ${id} is ${recovery.status}, and nobody is asked`;
    const spared = ownTransfersOf(store, charge).find((one) => isSpared(store, dispute, one));
    if (recovery.status === 'recovered' && spared)
      return `the share of ${spared.id} in ${id} was not taken back`;
  }
  return null;
}

/** Nothing was taken back of it, though there was something. */
function isSpared(
  store: Store,
  dispute: Dispute,
  { id, amount, amount_reversed: reversed }: Transfer,
): boolean {
  if (reversed === amount || shareOf(store, dispute, amount) < 1) return false;
  return !isRecovered(store, dispute, { id });
}

/** Waybill took something back of the transfer for the dispute. */
function isRecovered(store: Store, dispute: Dispute, { id }: Pick<Transfer, 'id'>): boolean {
  const reversals = [...store.ids('transfer_reversal', 'transfer', id)];
  return reversals.some(
    (one) => store.get('transfer_reversal', one)?.metadata.waybill_operation === `${RECOVERS}${dispute.id}`,
  );
}

/** Those that Stripe made itself: one, or one for each capture. */
function ownTransfersOf(store: Store, { id, transfer, sandbox }: Charge): Transfer[] {
  const ids = sandbox.features.multicapture
    ? [...store.ids('transfer', 'source_transaction', id)]
    : [transfer];
  return ids.flatMap((one) => (one === null ? [] : (store.get('transfer', one) ?? [])));
}
