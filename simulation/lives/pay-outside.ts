import type { OrderTerms } from '../../domain/orders/order.ts';
import type { World } from '../world/world.ts';
import { ask, idIn } from './outside.ts';

/** A payment that the platform made without Waybill, for an order that takes it over: by the same terms. */
export async function payOutside(world: World, terms: OrderTerms): Promise<string> {
  const { amount, currency, source, captureMethod, connectedAccount, onBehalfOf } = terms;
  const { applicationFeeAmount: fee, transferAmount: share } = terms;
  const answer = await ask(world, '/v1/payment_intents', {
    amount,
    currency,
    payment_method: source.method?.id ?? '',
    'payment_method_types[]': source.method?.id.startsWith('pm_usBankAccount') ? 'us_bank_account' : 'card',
    capture_method: captureMethod,
    confirm: 'true',
    'transfer_data[destination]': connectedAccount,
    ...(onBehalfOf ? { on_behalf_of: connectedAccount } : {}),
    ...(fee === null ? {} : { application_fee_amount: fee }),
    ...(share === null ? {} : { 'transfer_data[amount]': share }),
    ...(terms.requestMulticapture ? { [`${CARD}[request_multicapture]`]: 'if_available' } : {}),
    ...(terms.requestIncrementalAuthorization
      ? { [`${CARD}[request_incremental_authorization]`]: 'if_available' }
      : {}),
  });
  return idIn(answer);
}

const CARD = 'payment_method_options[card]';
/** Minor units. */
const SPECIAL = 10;

/** A special-case transfer out of it, before the order takes it over. Stripe may refuse. */
export async function transferOutside(
  world: World,
  paymentIntent: string,
  { connectedAccount: destination, currency, requestMulticapture }: OrderTerms,
): Promise<void> {
  const charge = world.platform.world.store.get('payment_intent', paymentIntent)?.latest_charge;
  // Stripe does not let the two be combined.
  if (!charge || requestMulticapture) return;
  await ask(world, '/v1/transfers', { amount: SPECIAL, currency, destination, source_transaction: charge });
}
