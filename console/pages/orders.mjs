import { read } from '../lib/api.mjs';
import { html, useEffect } from '../lib/html.mjs';
import { useLoaded } from '../lib/load.mjs';
import { money } from '../lib/money.mjs';
import { pageOf } from '../lib/places-of.mjs';
import { go, link } from '../lib/router.mjs';
import { filterOf } from '../lib/search.mjs';
import { ago, stamp } from '../lib/time.mjs';
import { Status } from '../parts/status.mjs';
import { Table } from '../parts/table.mjs';

export const ORDER_COLUMNS = [
  { head: 'Order', cell: ({ id }) => id },
  {
    head: 'Status',
    cell: ({ status, needs_attention: need, unreadable }) =>
      html`<${Status} value=${status} />${(need || unreadable) && html` <b class="flag">${need?.code ?? 'unreadable'}</b>`}`,
  },
  { head: 'Amount', kind: 'amount', cell: ({ amount, currency }) => currency && money(amount, currency) },
  {
    head: 'Refunded',
    kind: 'amount wide',
    cell: ({ amount_refunded: refunded, currency }) => (refunded > 0 ? money(refunded, currency) : ''),
  },
  {
    head: 'Account',
    kind: 'wide',
    cell: ({ connected_account: account }) =>
      account && html`<a href=${pageOf({ object: 'account', id: account })}>${account}</a>`,
  },
  { head: 'Customer', kind: 'wide', cell: ({ customer }) => customer ?? '' },
  {
    head: 'Created',
    cell: ({ created }) =>
      html`<time datetime=${created} title=${`${stamp(created)} UTC`}>${ago(created)}</time>`,
  },
];

const STATUSES = [
  'authorized',
  'captured',
  'refunded',
  'requires_payment_method',
  'requires_action',
  'processing',
  'canceled',
  'expired',
];
const FILTERS = ['status', 'connected_account', 'customer', 'payment_intent', 'charge', 'customer_email'];

export function OrdersPage({ query }) {
  const q = query.get('q')?.trim();
  const searched = q ? filterOf(q) : {};
  useEffect(() => {
    if (searched === null) go(pageOf({ object: 'order', id: q }));
  }, [q]);
  const filters = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? undefined]));
  const asked = { ...filters, ...searched, starting_after: query.get('after') ?? undefined, limit: 50 };
  const loaded = useLoaded(() => read('/v1/orders', asked), [JSON.stringify(asked)]);
  const page = loaded.data;
  const here = Object.fromEntries(query);
  return html`
    <h1>Orders</h1>
    <p class="chips">
      <a class="chip" href=${link('/orders')} aria-current=${[...query.keys()].length === 0 ? 'true' : undefined}>all</a>
      ${STATUSES.map((status) => html`<a class="chip" href=${link('/orders', { status })} aria-current=${query.get('status') === status ? 'true' : undefined}>${status.replaceAll('_', ' ')}</a>`)}
    </p>
    ${q && html`<p>Searched for <code>${q}</code></p>`}
    <${Table} caption="Orders, newest first" columns=${ORDER_COLUMNS} rows=${page?.data} href=${pageOf} empty="No order is like that." loaded=${loaded} />
    ${page?.has_more && html`<p><a href=${link('/orders', { ...here, after: page.data.at(-1).id })}>Older orders</a></p>`}
  `;
}
