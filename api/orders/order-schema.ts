import { z } from 'zod';
import { ORDER_STATUSES } from '../../domain/orders/order-statuses.ts';
import { LOST_DISPUTE_POLICIES } from '../../domain/orders/recovery-state.ts';
import { REVERSED_STATUSES } from '../../domain/orders/transfer-reversals.ts';
import { reversalResource } from '../commands/reversal-schema.ts';
import {
  attentionResource,
  balances,
  minorUnits,
  noticeResource,
  pendingResource,
  rfc3339,
} from '../http/common.ts';
import { disputeResource } from './dispute-schema.ts';

export const refundResource = z
  .object({
    id: z.string(),
    object: z.literal('refund'),
    amount: minorUnits,
    currency: z.string(),
    status: z.enum(['pending', 'requires_action', 'succeeded', 'failed', 'canceled']),
    reason: z.string().nullable(),
    transfer_reversal: z
      .object({ id: z.string(), amount: minorUnits, currency: z.string() })
      .nullable()
      .meta({ description: "What was taken back from the connected account, in the transfer's currency." }),
    application_fee_refunded: minorUnits,
    platform: balances.nullable().meta({ description: "What it did to the platform's balance." }),
    connected: balances.nullable().meta({ description: "What it did to the connected account's balance." }),
    created: rfc3339,
  })
  .meta({ id: 'Refund' });

export const orderTransferResource = z
  .object({
    id: z.string(),
    object: z.literal('transfer'),
    status: z.enum(REVERSED_STATUSES),
    amount: minorUnits,
    amount_reversed: minorUnits,
    currency: z.string(),
    destination: z.string(),
    description: z.string().nullable(),
    platform: balances.nullable().meta({ description: "What it did to the platform's balance." }),
    reversals: z
      .array(reversalResource)
      .meta({ description: 'Newest first; with what they moved in `adjustments`.' }),
    created: rfc3339,
  })
  .meta({ id: 'OrderTransferObject' });

const adjustmentResource = z
  .object({
    id: z.string(),
    object: z.enum(['transfer_reversal', 'application_fee_refund']),
    transfer: z.string().nullable().meta({ description: 'The transfer that was reversed.' }),
    amount: minorUnits,
    currency: z.string(),
    platform: balances.nullable(),
    connected: balances,
    created: rfc3339,
  })
  .meta({
    id: 'Adjustment',
    description:
      "A transfer reversal or fee refund with no refund: of a special-case transfer, a lost dispute's recovery, or made outside Waybill. In the transfer's currency, or the application fee's.",
  });

const fundsResource = z
  .object({
    gross: minorUnits,
    stripe_fee: minorUnits.nullable(),
    platform_net: minorUnits.nullable(),
    connected_net: minorUnits.nullable(),
    settlement_currency: z.string().nullable(),
    platform: balances.nullable(),
    connected: balances.nullable(),
  })
  .meta({
    id: 'Funds',
    description:
      "gross in the order's currency, stripe_fee and the nets in settlement_currency. platform and connected tell every currency; a net is null where another one is held too. All but gross are null while not known yet.",
  });

const settlementResource = z
  .object({
    merchant: z.string().meta({ description: '`platform`, or the connected account (on_behalf_of).' }),
    country: z.string().nullable(),
    currency: z.string().nullable().meta({ description: 'In which the charge is settled.' }),
    statement_descriptor: z.string().nullable().meta({ description: 'Whose name the card statement shows.' }),
    delay_days: z.int().nullable().meta({ description: 'How long funds are held before they are paid out.' }),
  })
  .meta({
    id: 'Settlement',
    description:
      'The settlement merchant and what follows from it, as it was when the order was created; null where Stripe could not be asked then.',
  });

const declineResource = z
  .object({
    code: z.string(),
    decline_code: z.string().nullable(),
    message: z.string(),
    param: z.string().nullable(),
    at: rfc3339,
  })
  .meta({ id: 'Decline' });

export const orderResource = z
  .object({
    id: z.string(),
    object: z.literal('order'),
    status: z.enum(ORDER_STATUSES),
    amount: minorUnits,
    currency: z.string(),
    amount_capturable: minorUnits,
    amount_captured: minorUnits,
    amount_refunded: minorUnits,
    customer: z.string().nullable(),
    connected_account: z.string(),
    on_behalf_of: z.boolean(),
    settlement: settlementResource.nullable(),
    application_fee_amount: minorUnits.nullable(),
    transfer_amount: minorUnits.nullable(),
    capture_method: z.enum(['manual', 'automatic', 'automatic_async']),
    capture_before: rfc3339.nullable(),
    on_capture_expiry: z.enum(['cancel', 'reauthorize']),
    on_dispute_lost: z.enum(LOST_DISPUTE_POLICIES),
    reauthorizations: z.int().meta({ description: 'How often a new authorization was asked for.' }),
    payment_intent: z.string().nullable(),
    latest_charge: z.string().nullable(),
    transfer: z.string().nullable(),
    application_fee: z.string().nullable(),
    refunds: z.array(refundResource),
    transfers: z.array(orderTransferResource),
    adjustments: z.array(adjustmentResource),
    dispute: disputeResource
      .nullable()
      .meta({ description: 'Of several the one to be answered first, or else the newest.' }),
    disputes: z.array(disputeResource),
    funds: fundsResource,
    outstanding: z.array(z.string()).meta({
      description:
        'What Stripe has not told yet, or may still take back: `settlement`, or the id of a refund, transfer or reversal.',
    }),
    complete: z.boolean().meta({
      description:
        'Nothing is outstanding, no operation is pending or stuck, and neither the customer nor a bank still has to do something for the payment.',
    }),
    pending: pendingResource.nullable(),
    needs_attention: attentionResource.nullable(),
    notices: z.array(noticeResource),
    last_decline: declineResource.nullable(),
    next_action: z
      .object({
        type: z.string(),
        redirect_url: z.string().nullable().meta({
          description:
            "Where to send the customer: in the answers to create and confirm alone, since it opens the payment. The customer's only; do not keep it.",
        }),
        client_secret: z.string().nullable().meta({
          description:
            "For Stripe.js, where there is no `redirect_url`: in the answers to create and confirm alone. The customer's only; do not keep it.",
        }),
      })
      .nullable()
      .meta({ description: 'What the customer has to do (3-D Secure).' }),
    cancellation_reason: z.string().nullable(),
    statement_descriptor_suffix: z.string().nullable(),
    description: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
    created: rfc3339,
    livemode: z.boolean(),
  })
  .meta({ id: 'Order' });

export type OrderResource = z.output<typeof orderResource>;
