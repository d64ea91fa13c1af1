import { html, render } from './lib/html.mjs';
import { startKeys } from './lib/keys.mjs';
import { go, link, match, place, startRouter } from './lib/router.mjs';
import { loadSession, session } from './lib/session.mjs';
import { AccountPage } from './pages/account.mjs';
import { AccountsPage } from './pages/accounts.mjs';
import { DisputesPage } from './pages/disputes.mjs';
import { EventsPage } from './pages/events.mjs';
import { ExpiringPage } from './pages/expiring.mjs';
import { InboxPage } from './pages/inbox.mjs';
import { OrderPage } from './pages/order.mjs';
import { OrdersPage } from './pages/orders.mjs';
import { PayoutPage } from './pages/payout.mjs';
import { PayoutsPage } from './pages/payouts.mjs';
import { ReconciliationPage } from './pages/reconciliation.mjs';
import { SignInPage } from './pages/sign-in.mjs';
import { TransferPage } from './pages/transfer.mjs';
import { WebhooksPage } from './pages/webhooks.mjs';
import { Shell } from './parts/shell.mjs';

const PAGES = {
  '/inbox': InboxPage,
  '/orders': OrdersPage,
  '/orders/:id': OrderPage,
  '/transfers/:id': TransferPage,
  '/accounts': AccountsPage,
  '/accounts/:id': AccountPage,
  '/payouts': PayoutsPage,
  '/payouts/:account/:id': PayoutPage,
  '/disputes': DisputesPage,
  '/expiring': ExpiringPage,
  '/reconciliation': ReconciliationPage,
  '/events': EventsPage,
  '/webhooks': WebhooksPage,
};

function App() {
  if (session.value === undefined) return html`<main class="container" aria-busy="true"></main>`;
  if (session.value === null) return html`<${SignInPage} />`;
  const { path, query } = place.value;
  for (const [pattern, Page] of Object.entries(PAGES)) {
    const params = match(pattern, path);
    if (params) return html`<${Shell} path=${path}><${Page} key=${path} ...${params} query=${query} /><//>`;
  }
  return html`<${Shell} path=${path}><h1>Not found</h1><p>There is no such page.</p><//>`;
}

startRouter();
startKeys();
await loadSession();
if (place.value.path === '/') go(link('/inbox'));
render(html`<${App} />`, document.getElementById('console'));
