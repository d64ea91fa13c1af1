import type { World } from '../world/world.ts';

const ORDER = 'order/';

/** Orders that Temporal has forgotten: whatever moves their money since is seen. */
export class Forgotten {
  readonly #world: World;
  /** By order: what Stripe had of it then. */
  readonly #known = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
    world.server.onForgotten = ({ workflowId }) => {
      if (!workflowId.startsWith(ORDER)) return;
      const orderId = workflowId.slice(ORDER.length);
      this.#known.set(orderId, this.#stripeHas(orderId));
    };
  }

  /** What has moved of an order that nobody has taken up again; null: nothing. */
  unseen(orderId: string): string | null {
    const known = this.#known.get(orderId);
    if (known === undefined || this.#world.server.newest.has(`${ORDER}${orderId}`)) return null;
    const now = this.#stripeHas(orderId);
    return now === known ? null : `it was forgotten with ${known}, has ${now}, and nobody follows it`;
  }

  #stripeHas(orderId: string): string {
    const { store } = this.#world.platform.world;
    const intents = [...store.rows('payment_intent')].filter(
      ({ id, metadata }) => metadata.waybill_order === orderId || id === this.#world.paidOutside.get(orderId),
    );
    const charges = intents.flatMap(({ id }) => [...store.ids('charge', 'payment_intent', id)]);
    const parts = charges.flatMap((charge) => [
      ...[...store.ids('refund', 'charge', charge)].map((id) => `${id} ${store.get('refund', id)?.status}`),
      ...[...store.ids('dispute', 'charge', charge)].map((id) => `${id} ${store.get('dispute', id)?.status}`),
      ...[...store.ids('transfer', 'source_transaction', charge)].map(
        (id) => `${id} reversed ${store.get('transfer', id)?.amount_reversed}`,
      ),
    ]);
    return parts.sort().join(', ') || 'nothing';
  }
}
