import type Stripe from 'stripe';
import type { AuthorizeOperation, ReauthorizeOperation } from '../../contract/operations.ts';
import { REQUEST_HASH } from '../../domain/commands/operation-stamp.ts';
import { pinnedExpands } from '../../domain/commands/stripe-expands.ts';
import { orderTransferGroup } from '../../domain/commands/transfer-groups.ts';
import { stripeMetadata } from '../../domain/ids.ts';
import type { CaptureShare } from '../../domain/orders/capture-share.ts';
import type { OrderTerms } from '../../domain/orders/order.ts';
import { needsAttention } from '../../stripe/failures.ts';

/** All that Stripe needs to create and confirm an order's PaymentIntent. */
export function paymentParams(
  operation: AuthorizeOperation | ReauthorizeOperation,
  paymentMethod: string,
): Stripe.PaymentIntentCreateParams {
  const { operationId, terms } = operation;
  return {
    amount: terms.amount,
    currency: terms.currency,
    confirm: true,
    capture_method: terms.captureMethod,
    payment_method: paymentMethod,
    ...(terms.source.customer ? { customer: terms.source.customer } : {}),
    transfer_data: {
      destination: terms.connectedAccount,
      ...(terms.transferAmount === null ? {} : { amount: terms.transferAmount }),
    },
    ...(terms.applicationFeeAmount === null ? {} : { application_fee_amount: terms.applicationFeeAmount }),
    ...(terms.onBehalfOf ? { on_behalf_of: terms.connectedAccount } : {}),
    ...(terms.offSession ? { off_session: true } : {}),
    // Without it the issuer may ask for the customer when the order renews its authorization.
    ...(terms.onCaptureExpiry === 'reauthorize' && !terms.offSession
      ? { setup_future_usage: 'off_session' }
      : {}),
    ...cardOptions(terms),
    ...(terms.returnUrl
      ? { return_url: terms.returnUrl, automatic_payment_methods: { enabled: true } }
      : { automatic_payment_methods: { enabled: true, allow_redirects: 'never' } }),
    ...(terms.statementDescriptorSuffix
      ? { statement_descriptor_suffix: terms.statementDescriptorSuffix }
      : {}),
    ...(terms.description ? { description: terms.description } : {}),
    transfer_group: orderTransferGroup(terms.id),
    metadata: {
      ...terms.metadata,
      ...stripeMetadata(terms.id, operationId),
      ...('requestHash' in operation ? { [REQUEST_HASH]: operation.requestHash } : {}),
    },
    expand: pinnedExpands(operation),
  };
}

/** Asked for by name only: what an account cannot do is not refused; the charge then shows that it is unavailable. */
function cardOptions(terms: OrderTerms): Pick<Stripe.PaymentIntentCreateParams, 'payment_method_options'> {
  if (!terms.requestMulticapture && !terms.requestIncrementalAuthorization) return {};
  const card = {
    ...(terms.requestMulticapture ? { request_multicapture: 'if_available' as const } : {}),
    ...(terms.requestIncrementalAuthorization
      ? { request_incremental_authorization: 'if_available' as const }
      : {}),
  };
  return { payment_method_options: { card } };
}

/** What one of several captures takes of the application fee or transfer, named in place of the payment's own. */
export function shareParams({
  applicationFeeAmount,
  transferAmount,
}: CaptureShare): Stripe.PaymentIntentCaptureParams {
  return {
    ...(applicationFeeAmount === null ? {} : { application_fee_amount: applicationFeeAmount }),
    ...(transferAmount === null ? {} : { transfer_data: { amount: transferAmount } }),
  };
}

/** Last assertion before anything is built on Stripe's answer. */
export function assertSameMoney(intent: Stripe.PaymentIntent, terms: OrderTerms): void {
  if (intent.amount === terms.amount && intent.currency === terms.currency) return;
  const message = `${intent.id} is over ${intent.amount} ${intent.currency}, the order over ${terms.amount} ${terms.currency}`;
  throw needsAttention({ code: 'amount_mismatch', message, stripeRequestId: null });
}
