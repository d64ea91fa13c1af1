import type { Order } from '../../domain/orders/order.ts';
import { newsOfOrder, UNBORN_ORDER } from '../../domain/outgoing-events/order-news.ts';
import type { World } from '../world/world.ts';

/** Above it numbers begin at a time in seconds: the object, or another of its id, had a life before, of which nobody knows the last number. */
const COUNTED_MAX = 1_000_000;

/** A number that an object's events skip; null: none. */
export function missingEvent({ subscriber, server }: World): string | null {
  const livesOf = (workflowId: string) =>
    server.executions.filter((one) => one.workflowId === workflowId && !one.beginning.continued).length;
  const last = new Map<string, number>();
  const inOrder = [...subscriber.received.values()].toSorted((a, b) => a.data.sequence - b.data.sequence);
  for (const { id, data } of inOrder) {
    const source = id.slice(0, id.lastIndexOf('~'));
    const number = (last.get(source) ?? 0) + 1;
    if (data.sequence > COUNTED_MAX) {
      const [kind, object] = source.slice('evt_'.length).split('~');
      if (last.has(source) && livesOf(`${kind}/${object}`) === 1) return `${source} was numbered anew`;
      continue;
    }
    if (data.sequence !== number) return `${source} had no event ${number}, but ${data.sequence}`;
    last.set(source, number);
  }
  return null;
}

/** What happened to an order by its present state, and no event said; null: nothing. */
export function unannounced({ subscriber }: World, order: Order): string | null {
  if (!subscriber.isThere) return null;
  const said = new Set<string>();
  for (const { type, data } of subscriber.received.values()) {
    if (data.object === 'order' && data.id === order.terms.id) said.add(`${type} ${data.subject}`);
  }
  const unsaid = newsOfOrder(UNBORN_ORDER, order, false).find(
    ({ type, subject }) => !said.has(`${type} ${subject}`),
  );
  return unsaid ? `no event said ${unsaid.type} of ${unsaid.subject}` : null;
}

/** What the last event of an account or payout said of it otherwise than it is; null: nothing, or nobody has heard of it. */
export function lastSaidOtherwise(
  { subscriber }: World,
  source: string,
  shown: { readonly id: string | null; readonly status: string },
): string | null {
  const own = [...subscriber.received].filter(([id]) => id.startsWith(`evt_${source}~`));
  const last = own.map(([, { data }]) => data).toSorted((a, b) => b.sequence - a.sequence)[0];
  if (!last) return null;
  const { id, status } = last as typeof last & { readonly status: unknown };
  if (id === shown.id && status === shown.status) return null;
  return `its last event said ${status} of ${id}, it is ${shown.status} as ${shown.id}`;
}
