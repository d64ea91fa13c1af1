import type { World } from '../control/world.ts';
import { balanceOf } from '../core/ledger.ts';
import { formatAmount } from '../core/money.ts';
import type { Answer } from '../http/answers.ts';
import { DASHBOARD_PATH } from '../views/links.ts';
import { escapeHtml, htmlPage } from './html.ts';
import type { Page, PageRequest } from './page.ts';

const SHOWN_PAYOUTS = 10;

const GONE = htmlPage('This link does not work', '<p>Login links work once. Ask for a new one.</p>', 404);

/** What an Express account's owner sees of it: the balance, the next way out, the latest payouts. */
function show(world: World, { ids }: PageRequest): Answer {
  return world.transaction((ctx) => {
    const link = ctx.tx.get('login_link', ids.link ?? '');
    const account = link && ctx.tx.get('account', link.account);
    if (!link || link.used || !account || account.deleted) return GONE;
    ctx.tx.update('login_link', link.id, { used: true });
    const { default_currency: currency, id, settings, external_accounts } = account;
    const money = (amount: number): string => escapeHtml(formatAmount(amount, currency));
    const held = (bucket: 'available' | 'pending'): string =>
      money(balanceOf(ctx.tx, `${id}:${bucket}`, currency));
    const payouts = [...ctx.tx.where('payout', 'owner', id)].slice(0, SHOWN_PAYOUTS);
    const rows = payouts.map(
      ({ amount, arrival_date, status }) =>
        `<tr><td>${money(amount)}</td><td>${status}</td><td>${new Date(arrival_date * 1000).toISOString().slice(0, 10)}</td></tr>`,
    );
    const banks = external_accounts.map(({ last4, currency: code }) => `•••• ${last4} (${code})`).join(', ');
    return htmlPage(
      String(account.business_profile.name ?? account.email ?? id),
      `<table>
<tr><th scope="row">Available</th><td>${held('available')}</td></tr>
<tr><th scope="row">On the way</th><td>${held('pending')}</td></tr>
<tr><th scope="row">Payouts</th><td>${settings.schedule.interval}, to ${escapeHtml(banks || 'nowhere yet')}</td></tr>
</table>
<h2>Payouts</h2>
${rows.length === 0 ? '<p>None yet.</p>' : `<table><tr><th>Amount</th><th>Status</th><th>Arrives</th></tr>${rows.join('')}</table>`}`,
    );
  });
}

export const dashboardPages: readonly Page[] = [{ method: 'GET', path: DASHBOARD_PATH, show }];
