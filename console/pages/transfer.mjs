import { read } from '../lib/api.mjs';
import { html, useState } from '../lib/html.mjs';
import { useLoaded } from '../lib/load.mjs';
import { money } from '../lib/money.mjs';
import { link } from '../lib/router.mjs';
import { stamp } from '../lib/time.mjs';
import { Actions } from '../order/actions.mjs';
import { CommandDialog } from '../order/command-dialog.mjs';
import { TRANSFER_COMMANDS } from '../order/commands.mjs';
import { OrderNeeds } from '../order/needs.mjs';
import { StripeLink, TemporalLink } from '../parts/links.mjs';
import { Problem, Status } from '../parts/status.mjs';
import { Timeline } from '../parts/timeline.mjs';

/** A special-case transfer without an order. */
export function TransferPage({ id }) {
  const path = `/v1/transfers/${encodeURIComponent(id)}`;
  const loaded = useLoaded(() => read(path), [path]);
  const timeline = useLoaded(() => read(`${path}/timeline`), [path]);
  const [command, setCommand] = useState(null);
  const reload = () => {
    loaded.reload();
    timeline.reload();
  };
  const transfer = loaded.data;
  if (!transfer) return html`<h1>${id}</h1><${Problem} error=${loaded.error} />`;
  return html`
    <div class="title"><h1>${id}</h1> <${Status} value=${transfer.status} /> <span class="dim"><a href=${link('/events', { transfer: id })}>Events</a> <${TemporalLink} workflowId=${`transfer/${id}`} /></span></div>
    <${OrderNeeds} order=${{ ...transfer, notices: [] }} resolve=${() => setCommand(TRANSFER_COMMANDS.find(({ path: one }) => one === 'resolve'))} />
    <${Actions} commands=${TRANSFER_COMMANDS} object=${transfer} choose=${setCommand} />
    <div class="columns">
      <section><h2>Transfer</h2><dl class="facts">
        <div><dt>Amount</dt><dd>${money(transfer.amount, transfer.currency)}</dd></div>
        <div><dt>Reversed</dt><dd>${transfer.amount_reversed === null ? 'Stripe did not answer' : money(transfer.amount_reversed, transfer.currency)}</dd></div>
        <div><dt>Account</dt><dd><a href=${link(`/accounts/${transfer.destination}`)}>${transfer.destination}</a></dd></div>
        <div><dt>At Stripe</dt><dd><${StripeLink} id=${transfer.stripe_transfer} /></dd></div>
        <div><dt>Description</dt><dd>${transfer.description}</dd></div>
        <div><dt>Created</dt><dd>${stamp(transfer.created)} UTC</dd></div>
      </dl></section>
      <section><h2>Timeline</h2><${Timeline} list=${timeline.data} /></section>
    </div>
    ${command && html`<${CommandDialog} of=${path} command=${command} object=${transfer} close=${() => setCommand(null)} done=${reload} />`}
  `;
}
