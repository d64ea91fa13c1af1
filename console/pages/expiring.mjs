import { readAll } from '../lib/api.mjs';
import { html } from '../lib/html.mjs';
import { useLoaded } from '../lib/load.mjs';
import { money } from '../lib/money.mjs';
import { pageOf } from '../lib/places-of.mjs';
import { link } from '../lib/router.mjs';
import { Deadline } from '../parts/status.mjs';
import { Table } from '../parts/table.mjs';

const DAY_MS = 86_400_000;
const WITHIN_DAYS = [1, 3, 8];

const COLUMNS = [
  { head: 'Order', cell: ({ id }) => id },
  {
    head: 'Capture before',
    kind: 'labelled when',
    cell: ({ capture_before: at }) => html`<${Deadline} at=${at} />`,
  },
  { head: 'Held', kind: 'amount', cell: ({ amount, currency }) => currency && money(amount, currency) },
  { head: 'Account', kind: 'wide', cell: ({ connected_account: account }) => account },
  { head: 'Description', kind: 'wide', cell: ({ description }) => description ?? '' },
];

/** Authorizations whose money Stripe soon releases. */
export function ExpiringPage({ query }) {
  const days = Number(query.get('days') ?? WITHIN_DAYS[1]);
  const loaded = useLoaded(async () => {
    const before = new Date(Date.now() + days * DAY_MS).toISOString();
    const orders = await readAll('/v1/orders', { status: 'authorized', 'capture_before[lte]': before });
    return orders.sort((a, b) => Date.parse(a.capture_before) - Date.parse(b.capture_before));
  }, [days]);
  return html`
    <h1>Expiring authorizations</h1>
    <p class="chips">${WITHIN_DAYS.map((one) => html`<a class="chip" href=${link('/expiring', { days: one })} aria-current=${days === one ? 'true' : undefined}>within ${one} d</a>`)}</p>
    <${Table} caption="Authorized orders, by the end of their capture window" columns=${COLUMNS} rows=${loaded.data} href=${pageOf} empty="No authorization ends that soon." loaded=${loaded} />
  `;
}
