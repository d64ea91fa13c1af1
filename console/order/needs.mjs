import { html } from '../lib/html.mjs';
import { money } from '../lib/money.mjs';
import { nextStep } from '../lib/next-step.mjs';
import { may } from '../lib/session.mjs';
import { ago, until } from '../lib/time.mjs';
import { Deadline } from '../parts/status.mjs';
import { actionsOf } from './commands.mjs';

/** A transfer or a payout with the notices that an order has: of each approval that somebody waits for. */
export function withNotices(object) {
  const notices = object.approvals.map(({ id, command, amount, currency, requested_by: by }) => ({
    code: 'approval_needed',
    subject: id,
    message: `${by} asks for a ${command.replaceAll('_', ' ')} of ${money(amount, currency)}. Another person has to approve or decline it.`,
    allowed_actions: ['approve', 'decline'],
    acknowledged_by: null,
  }));
  return { ...object, notices };
}

/** What needs somebody, and what is on its way by itself. */
export function OrderNeeds({ order, resolve }) {
  const { needs_attention: need, notices, pending } = order;
  const others = notices.filter(
    ({ code, subject, acknowledged_by: by }) =>
      by === null && !(code === need?.code && subject === need.subject),
  );
  return html`
    ${
      need &&
      html`<article class="need">
      <p><b>${need.code}</b>${need.operation && ` · ${need.operation.replaceAll('_', ' ')}`} ${need.subject && html`<code>${need.subject}</code> `}<span class="dim">${ago(need.since)}</span></p>
      <p>${need.message}${need.stripe_request_id && html` <code>${need.stripe_request_id}</code>`}</p>
      <p class="dim">Deadline: <${Deadline} at=${need.deadline} />. If nobody acts: ${nextStep({ ...need, nextAttemptAt: need.next_attempt_at })}.</p>
      ${may('ops') && actionsOf(order).length > 0 && html`<p><button type="button" data-key="s" onClick=${resolve}>Resolve <kbd>s</kbd></button> <span class="dim">${need.allowed_actions.join(', ').replaceAll('_', ' ')}</span></p>`}
    </article>`
    }
    ${others.map((notice) => html`<article class="notice"><p><b>${notice.code}</b> <code>${notice.subject}</code></p><p>${notice.message}</p></article>`)}
    ${
      pending &&
      html`<article class="pending"><p><b>${pending.operation.replaceAll('_', ' ')}</b> is on its way since ${ago(pending.since)}${attemptOf(pending)}.</p>
      ${pending.last_error && html`<p class="dim">Last answer: ${pending.last_error.message} <code>${pending.last_error.code}</code></p>`}</article>`
    }
  `;
}

function attemptOf({ attempt, next_attempt_at: next }) {
  if (attempt === null) return next === null ? '' : `, the next attempt ${until(next)}`;
  return next === null ? `, attempt ${attempt} is running` : `, attempt ${attempt} ${until(next)}`;
}
