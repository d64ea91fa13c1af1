import { joined, readAll } from '../lib/api.mjs';
import { DISPUTE_STATUSES, OPEN_DISPUTES } from '../lib/dispute-statuses.mjs';
import { html } from '../lib/html.mjs';
import { useLoaded } from '../lib/load.mjs';
import { money } from '../lib/money.mjs';
import { pageOf } from '../lib/places-of.mjs';
import { link } from '../lib/router.mjs';
import { Deadline, Status } from '../parts/status.mjs';
import { Table } from '../parts/table.mjs';

const COLUMNS = [
  { head: 'Order', cell: ({ id }) => id },
  { head: 'Dispute', cell: ({ dispute_status: status }) => html`<${Status} value=${status} />` },
  { head: 'Amount', kind: 'amount', cell: ({ amount, currency }) => currency && money(amount, currency) },
  {
    head: 'Evidence by',
    kind: 'labelled when',
    cell: ({ needs_attention: need }) =>
      html`<${Deadline} at=${need?.code === 'dispute_needs_response' ? need.deadline : null} />`,
  },
  { head: 'Account', kind: 'wide', cell: ({ connected_account: account }) => account },
];

/** Orders by the state of their dispute, those to answer first and by their deadline. */
export function DisputesPage({ query }) {
  const status = query.get('status') ?? undefined;
  const wanted = status ? [status] : OPEN_DISPUTES;
  const loaded = useLoaded(async () => {
    const lists = await Promise.all(
      wanted.map(async (one) => {
        const orders = await readAll('/v1/orders', { dispute_status: one }, 200);
        for (const order of orders) order.dispute_status = one;
        return orders;
      }),
    );
    return joined(lists).sort((a, b) => deadlineOf(a) - deadlineOf(b));
  }, [status]);
  return html`
    <h1>Disputes</h1>
    <p class="chips">
      <a class="chip" href=${link('/disputes')} aria-current=${status ? undefined : 'true'}>open</a>
      ${DISPUTE_STATUSES.map((one) => html`<a class="chip" href=${link('/disputes', { status: one })} aria-current=${status === one ? 'true' : undefined}>${one.replaceAll('_', ' ')}</a>`)}
    </p>
    <${Table} caption="Disputed orders, by deadline" columns=${COLUMNS} rows=${loaded.data} href=${pageOf} empty="No dispute is like that." loaded=${loaded} />
  `;
}

function deadlineOf({ needs_attention: need }) {
  return need?.deadline ? Date.parse(need.deadline) : Number.MAX_SAFE_INTEGER;
}
