import { newKey, read, send } from '../lib/api.mjs';
import { html, useState } from '../lib/html.mjs';
import { useLoaded } from '../lib/load.mjs';
import { money } from '../lib/money.mjs';
import { pageOf } from '../lib/places-of.mjs';
import { may } from '../lib/session.mjs';
import { span, stamp } from '../lib/time.mjs';
import { StripeLink } from '../parts/links.mjs';
import { note } from '../parts/notes.mjs';
import { Table } from '../parts/table.mjs';

const DIFFERENCES = [
  {
    head: 'Difference',
    cell: ({ id, order }) =>
      order ? html`<a href=${pageOf({ object: 'order', id: order })} data-row>${order}</a>` : id,
  },
  { head: 'Account', cell: ({ connected_account: id }) => id ?? 'platform' },
  { head: 'Code', cell: ({ code }) => html`<b>${code}</b>` },
  { head: 'Amount', kind: 'amount', cell: ({ amount, currency }) => money(amount, currency) },
  {
    head: 'Balance transaction',
    kind: 'wide',
    cell: ({ balance_transaction: id }) => html`<${StripeLink} id=${id} />`,
  },
  { head: 'Age', cell: ({ age_seconds: age }) => span(age * 1_000) },
];

/** Whether every cent of all balances is explained. */
export function ReconciliationPage() {
  const loaded = useLoaded(() => read('/v1/reports/reconciliation', { limit: 100 }), []);
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await send('/v1/reconciliation/runs', {}, newKey());
      note('A reconciliation has begun. Read it again in a moment.');
    } catch (error) {
      note(error.message, true);
    }
    setBusy(false);
    loaded.reload();
  };
  const report = loaded.data;
  return html`
    <h1>Reconciliation</h1>
    ${
      report &&
      html`<p class=${report.reconciled ? '' : 'flag'}>${report.reconciled ? 'Every cent is explained.' : `${report.difference_count} ${report.difference_count === 1 ? 'difference' : 'differences'}.`}
      <span class="dim"> ${stamp(report.period.from)} – ${stamp(report.period.to)} UTC · orders: ${report.orders.agreeing} agree, ${report.orders.differing} differ, ${report.orders.pending} on their way</span></p>`
    }
    ${may('ops') && html`<p><button type="button" class="outline" data-key="r" disabled=${isBusy} onClick=${run}>Run now <kbd>r</kbd></button></p>`}
    ${[...(report?.totals ?? []), ...(report?.connected.totals ?? [])].map(
      (total, index) =>
        html`<p class="dim">${index < report.totals.length ? 'The platform' : 'Connected accounts'}</p><dl class="sides">${Object.entries(
          total,
        )
          .filter(([name, tally]) => tally?.count !== undefined && name !== 'explained_by')
          .map(
            ([name, tally]) =>
              html`<div><dt>${name.replaceAll('_', ' ')}</dt><dd>${money(tally.amount, total.currency)} <span class="dim">${tally.count}</span></dd></div>`,
          )}</dl>`,
    )}
    <${Table} caption="Differences, the oldest first" columns=${DIFFERENCES} rows=${report?.differences.data} empty="There is no difference." loaded=${loaded} />
  `;
}
