import type { World } from '../control/world.ts';
import { formatAmount } from '../core/money.ts';
import { finishAuthentication } from '../flows/authentication.ts';
import type { Answer } from '../http/answers.ts';
import type { PaymentIntent } from '../objects/payments.ts';
import { escapeHtml, htmlPage, seeOther } from './html.ts';
import type { Page, PageRequest } from './page.ts';

const PATH = '/3d_secure_2/:intent';

/** The intent, for whoever holds its client secret. */
function intentOf(world: World, { ids, query }: PageRequest): PaymentIntent | undefined {
  const intent = world.store.get('payment_intent', ids.intent ?? '');
  return intent && query.get('client_secret') === intent.client_secret ? intent : undefined;
}

function unknown(): Answer {
  return htmlPage('No such payment', '<p>This link does not lead to a payment.</p>', 404);
}

/** What the bank of the cardholder would ask. */
function ask(world: World, request: PageRequest): Answer {
  const intent = intentOf(world, request);
  if (!intent) return unknown();
  if (intent.status !== 'requires_action') {
    return htmlPage('Nothing to confirm', '<p>This payment does not wait for you.</p>');
  }
  const amount = escapeHtml(formatAmount(intent.amount, intent.currency));
  return htmlPage(
    '3-D Secure test page',
    `<p>Your bank asks: do you want to pay <strong>${amount}</strong>?</p>
<form method="post">
${request.csrfField}
<button class="main" name="outcome" value="succeeded">Complete authentication</button>
<button name="outcome" value="failed">Fail authentication</button>
</form>`,
  );
}

/** The customer has answered, and goes back to where the payment began. */
function answer(world: World, request: PageRequest): Answer {
  const intent = intentOf(world, request);
  if (!intent) return unknown();
  if (intent.status !== 'requires_action') return ask(world, request);
  const succeeded = request.form.get('outcome') === 'succeeded';
  const after = world.transaction((ctx) => finishAuthentication(ctx, intent.id, succeeded));
  const returnUrl = intent.next_action?.return_url;
  const failed = after.status === 'requires_payment_method';
  if (returnUrl) return seeOther(withResult(returnUrl, after, failed ? 'failed' : 'succeeded'));
  return failed
    ? htmlPage('Not confirmed', '<p>The payment was not made. You can close this page.</p>')
    : htmlPage('Confirmed', '<p>Thank you. You can close this page.</p>');
}

function withResult(returnUrl: string, intent: PaymentIntent, status: 'failed' | 'succeeded'): string {
  const url = new URL(returnUrl);
  url.searchParams.set('payment_intent', intent.id);
  url.searchParams.set('payment_intent_client_secret', intent.client_secret);
  url.searchParams.set('redirect_status', status);
  return url.href;
}

export const authenticationPages: readonly Page[] = [
  { method: 'GET', path: PATH, show: ask },
  { method: 'POST', path: PATH, show: answer },
];
