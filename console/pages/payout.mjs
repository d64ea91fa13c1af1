import { read } from '../lib/api.mjs';
import { html, useState } from '../lib/html.mjs';
import { useLoaded } from '../lib/load.mjs';
import { money } from '../lib/money.mjs';
import { link } from '../lib/router.mjs';
import { stamp } from '../lib/time.mjs';
import { Actions } from '../order/actions.mjs';
import { CommandDialog } from '../order/command-dialog.mjs';
import { PAYOUT_COMMANDS } from '../order/commands.mjs';
import { OrderNeeds } from '../order/needs.mjs';
import { StripeLink, TemporalLink } from '../parts/links.mjs';
import { Problem, Status } from '../parts/status.mjs';
import { Timeline } from '../parts/timeline.mjs';

/** A payout of a connected account, however old: the list shows only what is new. */
export function PayoutPage({ account, id }) {
  const path = `/v1/accounts/${encodeURIComponent(account)}/payouts/${encodeURIComponent(id)}`;
  const loaded = useLoaded(() => read(path), [path]);
  const timeline = useLoaded(() => read(`${path}/timeline`), [path]);
  const [command, setCommand] = useState(null);
  const reload = () => {
    loaded.reload();
    timeline.reload();
  };
  const payout = loaded.data;
  if (!payout) return html`<h1>${id}</h1><${Problem} error=${loaded.error} />`;
  return html`
    <div class="title"><h1>${id}</h1> <${Status} value=${payout.status} /> <span class="dim"><a href=${link('/events', { payout: id })}>Events</a> <${TemporalLink} workflowId=${`payout/${id}`} /></span></div>
    <${OrderNeeds} order=${{ ...payout, notices: [] }} resolve=${() => setCommand(PAYOUT_COMMANDS.find(({ path: one }) => one === 'resolve'))} />
    <${Actions} commands=${PAYOUT_COMMANDS} object=${payout} choose=${setCommand} />
    <div class="columns">
      <section><h2>Payout</h2><dl class="facts">
        <div><dt>Amount</dt><dd>${money(payout.amount, payout.currency)}</dd></div>
        <div><dt>Account</dt><dd><a href=${link(`/accounts/${payout.connected_account}`)}>${payout.connected_account}</a></dd></div>
        <div><dt>At Stripe</dt><dd><${StripeLink} id=${payout.stripe_payout} account=${payout.connected_account} /></dd></div>
        <div><dt>Arrives</dt><dd>${payout.arrival_date ? stamp(payout.arrival_date).slice(0, 10) : html`<span class="dim">not known yet</span>`}</dd></div>
        ${payout.failure && html`<div><dt>Failure</dt><dd>${payout.failure.reason} ${payout.failure.todo}</dd></div>`}
        <div><dt>Description</dt><dd>${payout.description ?? html`<span class="dim">none</span>`}</dd></div>
        <div><dt>Created</dt><dd>${stamp(payout.created)} UTC</dd></div>
      </dl></section>
      <section><h2>Timeline</h2><${Problem} error=${timeline.error} /><${Timeline} list=${timeline.data} /></section>
    </div>
    ${command && html`<${CommandDialog} of=${path} command=${command} object=${payout} close=${() => setCommand(null)} done=${reload} />`}
  `;
}
