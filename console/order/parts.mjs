import { html } from '../lib/html.mjs';
import { balances, money } from '../lib/money.mjs';
import { may } from '../lib/session.mjs';
import { stamp } from '../lib/time.mjs';
import { StripeLink } from '../parts/links.mjs';
import { Deadline, Status } from '../parts/status.mjs';
import { reversalOf } from './commands.mjs';

/** Refunds, transfers, adjustments and disputes of an order. */
export function OrderParts({ order, choose }) {
  return html`
    ${section(
      'Refunds',
      order.refunds,
      (
        refund,
      ) => html`<${StripeLink} id=${refund.id} /> <${Status} value=${refund.status} /> <b class="amount">${money(refund.amount, order.currency)}</b>
      <br /><span class="dim">You ${balances(refund.platform)} · seller ${balances(refund.connected)}${refund.reason && ` · ${refund.reason.replaceAll('_', ' ')}`} · ${stamp(refund.created)}</span>
      ${awaited(refund)}${reference(refund)}`,
    )}
    ${section(
      'Transfers',
      order.transfers,
      (
        transfer,
      ) => html`<${StripeLink} id=${transfer.id} /> <${Status} value=${transfer.status} /> <b class="amount">${money(transfer.amount, transfer.currency)}</b>
      <br /><span class="dim">to ${transfer.destination}${transfer.description && ` · ${transfer.description}`}</span>
      ${may('ops') && transfer.status !== 'reversed' && html` <button type="button" class="quiet" onClick=${() => choose(reversalOf(transfer))}>Reverse</button>`}`,
    )}
    ${section('Adjustments', order.adjustments, (one) => html`<${StripeLink} id=${one.id} /> ${one.object.replaceAll('_', ' ')} <b class="amount">${money(one.amount, one.currency)}</b>`)}
    ${section(
      'Disputes',
      order.disputes,
      (
        dispute,
      ) => html`<${StripeLink} id=${dispute.id} /> <${Status} value=${dispute.status} /> <b class="amount">${money(dispute.amount, dispute.currency)}</b>
      <br /><span class="dim">${dispute.reason.replaceAll('_', ' ')} · evidence ${dispute.has_evidence ? 'is staged' : 'none'} · due <${Deadline} at=${dispute.evidence_due_by} /></span>`,
    )}
  `;
}

/** What Stripe waits for. */
function awaited({ next_action: next }) {
  if (!next) return null;
  return html`<br /><span class="dim">the customer was asked ${next.email_sent_at && `on ${stamp(next.email_sent_at)} `}by email where to send it${next.expires_at && html` · until <${Deadline} at=${next.expires_at} />`}</span>`;
}

/** What a customer who misses the money tells their bank. */
function reference({ status, reference, reference_status, reference_type: type }) {
  if (reference) {
    const name = type ? type.replaceAll('_', ' ') : 'reference';
    return html`<br /><span class="dim">${name} <code>${reference}</code></span>`;
  }
  const isAwaited = status === 'succeeded' && reference_status === 'pending';
  return isAwaited && html`<br /><span class="dim">the bank’s reference is not known yet</span>`;
}

function section(name, list, row) {
  if (list.length === 0) return null;
  return html`<h3>${name}</h3><ul class="parts">${list.map((one) => html`<li key=${one.id}>${row(one)}</li>`)}</ul>`;
}
