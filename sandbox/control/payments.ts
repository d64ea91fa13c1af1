import { finishAuthentication } from '../flows/authentication.ts';
import { view } from '../views/index.ts';
import type { Json } from '../views/json.ts';
import { ControlError, type ControlRequest, type Handler } from './handler.ts';
import type { World } from './world.ts';

const OUTCOMES = ['succeeded', 'failed', 'abandoned'];

/** The customer's part of 3-D Secure without a browser; one who walks away leaves the payment waiting. */
function authenticate(world: World, { id, body }: ControlRequest): Json {
  const outcome = String(body.outcome);
  if (!OUTCOMES.includes(outcome)) throw new ControlError(`outcome must be one of ${OUTCOMES.join(', ')}`);
  return world.transaction((ctx) => {
    const intent = ctx.tx.get('payment_intent', id);
    if (!intent) throw new ControlError(`no payment_intent ${id}`);
    if (intent.status !== 'requires_action') {
      throw new ControlError(`payment_intent ${id} does not wait for its customer: it is ${intent.status}`);
    }
    const now = outcome === 'abandoned' ? intent : finishAuthentication(ctx, id, outcome === 'succeeded');
    return view({ ...ctx, account: intent.owner }, 'payment_intent', now);
  });
}

export const paymentControls: Record<string, Handler> = {
  'POST /_sandbox/payment_intents/:id/authenticate': authenticate,
};
