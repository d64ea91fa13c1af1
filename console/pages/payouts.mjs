import { read } from '../lib/api.mjs';
import { html, useState } from '../lib/html.mjs';
import { useLoaded } from '../lib/load.mjs';
import { money } from '../lib/money.mjs';
import { apiPathOf, pageOf } from '../lib/places-of.mjs';
import { link } from '../lib/router.mjs';
import { may } from '../lib/session.mjs';
import { ago } from '../lib/time.mjs';
import { CommandDialog } from '../order/command-dialog.mjs';
import { PAYOUT_COMMANDS } from '../order/commands.mjs';
import { Status } from '../parts/status.mjs';
import { Table } from '../parts/table.mjs';

const STATUSES = ['waiting_for_funds', 'pending', 'in_transit', 'paid', 'failed', 'canceled'];

const COLUMNS = [
  { head: 'Payout', cell: ({ id }) => id },
  {
    head: 'Status',
    cell: ({ status, needs_attention: need }) =>
      html`<${Status} value=${status} />${need && html` <b class="flag">${need.code}</b><br /><span class="message">${need.message}</span>`}`,
  },
  { head: 'Amount', kind: 'amount', cell: ({ amount, currency }) => currency && money(amount, currency) },
  {
    head: 'Account',
    kind: 'wide',
    cell: ({ connected_account: account }) =>
      account && html`<a href=${pageOf({ object: 'account', id: account })}>${account}</a>`,
  },
  { head: 'Created', cell: ({ created }) => ago(created) },
];

export function PayoutsPage({ query }) {
  const [account, status] = ['account', 'status'].map((name) => query.get(name) ?? undefined);
  const asked = {
    connected_account: account,
    status,
    starting_after: query.get('after') ?? undefined,
    limit: 50,
  };
  const loaded = useLoaded(() => read('/v1/payouts', asked), [JSON.stringify(asked)]);
  const [chosen, choose] = useState(null);
  const columns = may('ops')
    ? [...COLUMNS, { head: 'Do', cell: (payout) => html`<${Actions} payout=${payout} choose=${choose} />` }]
    : COLUMNS;
  return html`
    <h1>Payouts</h1>
    <p class="chips">
      <a class="chip" href=${link('/payouts', { account })} aria-current=${status ? undefined : 'true'}>all</a>
      ${STATUSES.map((one) => html`<a class="chip" href=${link('/payouts', { account, status: one })} aria-current=${status === one ? 'true' : undefined}>${one.replaceAll('_', ' ')}</a>`)}
      ${account && html`<a class="chip" href=${link('/payouts', { status })} aria-current="true">${account} ✕</a>`}
    </p>
    <${Table} caption="Payouts, newest first" columns=${columns} rows=${loaded.data?.data} href=${pageOf} empty="No payout is like that." loaded=${loaded} />
    ${loaded.data?.has_more && html`<p><a href=${link('/payouts', { account, status, after: loaded.data.data.at(-1).id })}>Older payouts</a></p>`}
    ${chosen && html`<${CommandDialog} of=${apiPathOf(chosen.payout)} command=${chosen.command} object=${chosen.payout} close=${() => choose(null)} done=${loaded.reload} />`}
  `;
}

function Actions({ payout, choose }) {
  return PAYOUT_COMMANDS.filter(({ isOffered }) => isOffered(payout)).map(
    (command) =>
      html`<button type="button" class="quiet" onClick=${() => choose({ command, payout })}>${command.name}</button>`,
  );
}
