import { read } from '../lib/api.mjs';
import { html } from '../lib/html.mjs';
import { useLoaded } from '../lib/load.mjs';
import { balances } from '../lib/money.mjs';
import { useObject } from '../lib/object.mjs';
import { apiPathOf, pageOf } from '../lib/places-of.mjs';
import { link } from '../lib/router.mjs';
import { may } from '../lib/session.mjs';
import { CommandDialog } from '../order/command-dialog.mjs';
import { ACCOUNT_COMMANDS, RESOLVE_ACCOUNT } from '../order/commands.mjs';
import { OrderNeeds } from '../order/needs.mjs';
import { StripeLink } from '../parts/links.mjs';
import { Deadline, Problem, Status } from '../parts/status.mjs';
import { Table } from '../parts/table.mjs';
import { Timeline } from '../parts/timeline.mjs';
import { Announced, owedOf } from './accounts.mjs';
import { ORDER_COLUMNS } from './orders.mjs';

/** Nothing is paid out to such a bank account until its details are corrected. */
const UNUSABLE = new Set(['errored', 'verification_failed', 'tokenized_account_number_deactivated']);

/** Why Stripe did not accept what was given; known where the account is as Stripe shows it. */
function reasonsOf({ errors = [] }, field) {
  return errors.filter(({ requirement }) => requirement === field).map(({ reason }) => reason);
}

export function AccountPage({ id }) {
  const path = apiPathOf({ object: 'account', id });
  const { object: account, loaded, timeline, command, choose, reload: reloadObject } = useObject(path);
  const balance = useLoaded(() => read(`${path}/balance`), [path]);
  const orders = useLoaded(() => read('/v1/orders', { connected_account: id, limit: 10 }), [id]);
  const reload = () => {
    reloadObject();
    balance.reload();
  };
  if (!account) return html`<h1>${id}</h1><${Problem} error=${loaded.error} />`;
  const owed = owedOf(account);
  const { requirements } = account;
  return html`
    <div class="title"><h1>${account.reference}</h1> <${Status} value=${account.status} />
      <span class="dim"><a href=${link('/events', { account: account.reference })}>Events</a></span></div>
    <${OrderNeeds} order=${{ needs_attention: null, pending: null, ...account, notices: [] }} resolve=${() => choose(RESOLVE_ACCOUNT)} />
    ${account.id && may('ops') && html`<div class="actions">${ACCOUNT_COMMANDS.map((one) => html`<button type="button" class="outline" data-key=${one.key} onClick=${() => choose(one)}>${one.name} <kbd>${one.key}</kbd></button>`)}</div>`}
    <div class="columns">
      <section><h2>Owes Stripe</h2>
        ${
          owed.length === 0
            ? html`<p class="dim">Nothing${requirements.pending_verification.length > 0 && `; Stripe is verifying ${requirements.pending_verification.join(', ')}`}.</p>`
            : html`<p>By: <${Deadline} at=${requirements.current_deadline} />${requirements.disabled_reason && html` <b class="flag">${requirements.disabled_reason}</b>`}</p>
            <ul>${owed.map((field) => html`<li>${field}${requirements.past_due.includes(field) && html` <b class="flag">overdue</b>`}${reasonsOf(requirements, field).map((reason) => html`<br /><span class="dim">${reason}</span>`)}</li>`)}</ul>`
        }
        <${Announced} future=${account.future_requirements} />
        <h2>Account</h2><dl class="facts">
          <div><dt>At Stripe</dt><dd><${StripeLink} id=${account.id} /></dd></div>
          <div><dt>Type</dt><dd>${account.type ?? 'by controller'} · ${account.country} · ${account.default_currency?.toUpperCase()}</dd></div>
          <div><dt>Available</dt><dd>${balance.data ? balances(balance.data.available) : '…'}</dd></div>
          <div><dt>Pending</dt><dd>${balance.data ? balances(balance.data.pending) : '…'}</dd></div>
          <div><dt>Payouts</dt><dd>${account.payouts_enabled ? 'enabled' : html`<b class="flag">disabled</b>`} · ${account.payout_schedule?.interval ?? 'no schedule'} · <a href=${link('/payouts', { account: account.id })}>list</a></dd></div>
          ${account.external_accounts.map((bank) => html`<div><dt>Bank</dt><dd>${bank.name} …${bank.last4} ${bank.currency?.toUpperCase()}${UNUSABLE.has(bank.status) && html` <b class="flag">${bank.status}</b>`}</dd></div>`)}
        </dl>
      </section>
      <section><h2>Timeline</h2><${Timeline} loaded=${timeline} /></section>
    </div>
    <h2>Its orders</h2>
    <${Table} caption="Orders of this account, newest first" columns=${ORDER_COLUMNS.filter(({ head }) => head !== 'Account')} rows=${orders.data?.data} href=${pageOf} empty="It has no orders." loaded=${orders} />
    ${command && html`<${CommandDialog} of=${command.of(account)} command=${command} object=${{ ...account, currency: account.default_currency }} close=${() => choose(null)} done=${reload} />`}
  `;
}
