// A marketplace's backend. It sees no card: the page sends the id of a PaymentMethod that Stripe made.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Waybill, WaybillProblem } from '@waybill/client';
import express from 'express';

const {
  WAYBILL_URL = 'http://127.0.0.1:3000',
  WAYBILL_KEY = 'dev_service',
  SELLER = 'acct_1WaybillUSCustom',
  STRIPE_API_BASE = 'http://127.0.0.1:12111',
  STRIPE_PUBLISHABLE_KEY = 'pk_test_waybill',
  CHECKOUT_PORT = '4242',
} = process.env;
const shop = `http://127.0.0.1:${CHECKOUT_PORT}`;
const waybill = new Waybill({ baseUrl: WAYBILL_URL, apiKey: WAYBILL_KEY });

/** The backend sets the price, in cents: a browser could send any. */
const VASE = { amount: 4000, application_fee_amount: 400, currency: 'usd', description: 'Ceramic vase' };

const pageOf = (cart) => `/?${new URLSearchParams({ cart })}`;

/** The cart is the order's id, so that it can be paid only once. */
async function pay(cart, payment_method) {
  if (await orderOf(cart)) return waybill.orders.confirm({ path: { id: cart }, body: { payment_method } });
  const body = {
    ...VASE,
    id: cart,
    payment_method,
    connected_account: SELLER,
    capture_method: 'automatic',
    return_url: `${shop}/return?${new URLSearchParams({ cart })}`,
  };
  const key = `checkout-${cart}-${payment_method}`;
  return waybill.orders.create({ headers: { 'Idempotency-Key': key }, body });
}

/** Null: there is none, or Stripe refused to make it, and its id is free again. */
async function orderOf(cart) {
  const order = await waybill.orders.get({ path: { id: cart } }).catch((error) => {
    if (error instanceof WaybillProblem && error.status === 404) return null;
    throw error;
  });
  return order?.status === 'canceled' && order.payment_intent === null ? null : order;
}

/** A decline, or an order that is paid already: the page shows it. */
function shownOnPage(error) {
  if (error instanceof WaybillProblem && [402, 409].includes(error.status)) return null;
  throw error;
}

const app = express();

app.get('/', (request, response) => {
  if (!request.query.cart) return response.redirect(pageOf(randomUUID()));
  response.sendFile(fileURLToPath(new URL('page.html', import.meta.url)));
});

app.get('/stripe.js', (_request, response) => {
  response.sendFile(fileURLToPath(new URL('stripe.js', import.meta.url)));
});

/** What a page may know: the publishable key makes PaymentMethods, and nothing else without a client secret. */
app.get('/config', (_request, response) => {
  response.json({ apiBase: STRIPE_API_BASE, publishableKey: STRIPE_PUBLISHABLE_KEY });
});

app.post('/pay', express.urlencoded(), async (request, response) => {
  const { cart, payment_method } = request.body;
  const order = await pay(cart, payment_method).catch(shownOnPage);
  response.redirect(303, order?.next_action?.redirect_url ?? pageOf(cart));
});

// Back from the bank. To confirm is to read the outcome now, not when Stripe's webhook arrives.
app.get('/return', async (request, response) => {
  const { cart } = request.query;
  await waybill.orders.confirm({ path: { id: cart } }).catch(shownOnPage);
  response.redirect(303, pageOf(cart));
});

app.get('/carts/:cart', async (request, response) => {
  const order = await orderOf(request.params.cart);
  const { status = 'unpaid', complete = false, funds = null, last_decline = null } = order ?? {};
  const balance = complete ? await waybill.accounts.getBalance({ path: { id: SELLER } }) : null;
  response.json({ ...VASE, status, complete, funds, last_decline, balance });
});

app.use((error, _request, response, _next) => {
  console.error(error);
  response.status(502).send('The payment service did not answer as expected. Reload: you do not pay twice.');
});

await once(app.listen(Number(CHECKOUT_PORT), '127.0.0.1'), 'listening');
console.log(`The shop is open at ${shop}`);
