import type { Store } from '../core/store.ts';
import type { Json } from '../views/json.ts';
import { invalid, StripeError } from './errors.ts';
import type { RouteMatch } from './route.ts';

/** What a browser may do with the publishable key alone. */
const MAKES = new Set(['POST /v1/payment_methods', 'POST /v1/tokens']);
/** What it may do with a payment whose client secret it has. */
const PAYS = new Set(['GET /v1/payment_intents/:intent', 'POST /v1/payment_intents/:intent/confirm']);

/** Refuses, as Stripe does, what needs the secret key, or the client secret of the payment. */
export function checkPublishable({ route, ids }: RouteMatch, params: Json, store: Store): void {
  const name = `${route.method} ${route.path}`;
  if (MAKES.has(name)) return;
  if (!PAYS.has(name)) throw secretKeyRequired();
  const intent = store.get('payment_intent', ids.intent ?? '');
  if (params.client_secret === undefined) throw secretKeyRequired();
  if (intent && intent.client_secret !== params.client_secret) {
    const why =
      'The client_secret provided does not match the client_secret associated with the PaymentIntent.';
    throw invalid(why, 'client_secret');
  }
}

function secretKeyRequired(): StripeError {
  return new StripeError(
    403,
    {
      code: 'secret_key_required',
      message:
        'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.',
      type: 'invalid_request_error',
    },
    { notSaved: true },
  );
}
