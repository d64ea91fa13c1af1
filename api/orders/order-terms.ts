import { methodRef } from '../../domain/commands/payment-method-ref.ts';
import type { SettlementMerchant } from '../../domain/orders/merchant.ts';
import type { OrderTerms } from '../../domain/orders/order.ts';
import type { LostDisputePolicy } from '../../domain/orders/recovery-state.ts';
import type { CreateOrderBody } from './create-order-schema.ts';

/** A request's body as the order's terms. `onDisputeLost`: where the body does not say. */
export function orderTerms(
  id: string,
  body: CreateOrderBody,
  settlementMerchant: SettlementMerchant | null,
  onDisputeLost: LostDisputePolicy,
): OrderTerms {
  return {
    id,
    amount: body.amount,
    currency: body.currency,
    source: { customer: body.customer ?? null, method: methodRef(body) },
    connectedAccount: body.connected_account,
    applicationFeeAmount: body.application_fee_amount || null,
    transferAmount: body.transfer_amount ?? null,
    onBehalfOf: body.on_behalf_of,
    captureMethod: body.capture_method,
    onCaptureExpiry: body.on_capture_expiry,
    onDisputeLost: body.on_dispute_lost ?? onDisputeLost,
    requestMulticapture: body.request_multicapture,
    requestIncrementalAuthorization: body.request_incremental_authorization,
    offSession: body.off_session,
    returnUrl: body.return_url ?? null,
    statementDescriptorSuffix: body.statement_descriptor_suffix ?? null,
    description: body.description ?? null,
    metadata: body.metadata,
    settlementMerchant,
  };
}
