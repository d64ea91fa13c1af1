import { html } from '../lib/html.mjs';
import { isUrgent, stamp, until } from '../lib/time.mjs';

const GOOD = new Set([
  'captured',
  'paid',
  'enabled',
  'delivered',
  'won',
  'ready',
  'reachable',
  'polling',
  'succeeded',
]);
const BAD = new Set([
  'failed',
  'lost',
  'expired',
  'rejected',
  'disabled',
  'unreachable',
  'not_ready',
  'none',
  'restricted',
]);
const WAITS = new Set([
  'authorized',
  'pending',
  'processing',
  'requires_action',
  'requires_payment_method',
  'needs_response',
  'warning_needs_response',
  'appeal_needs_response',
  'waiting_for_funds',
  'in_transit',
  'creating',
]);

/** A status in a word; its colour only repeats the word. */
export function Status({ value }) {
  if (!value) return null;
  const kind = GOOD.has(value) ? 'good' : BAD.has(value) ? 'bad' : WAITS.has(value) ? 'waits' : '';
  return html`<span class="status ${kind}">${value.replaceAll('_', ' ')}</span>`;
}

export function Deadline({ at }) {
  if (!at) return html`<span class="dim">none</span>`;
  return html`<time class=${isUrgent(at) ? 'urgent' : ''} datetime=${at} title=${`${stamp(at)} UTC`}>${until(at)}</time>`;
}

export function Problem({ error }) {
  if (!error) return null;
  const { code, request_id: request } = error.problem ?? {};
  return html`<p class="problem" role="alert">
    ${error.message}${code && html` <code>${code}</code>`}${request && html` <code class="dim">${request}</code>`}
  </p>`;
}
