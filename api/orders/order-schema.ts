import { z } from 'zod';
import { ORDER_STATUSES } from '../../domain/orders/order-statuses.ts';
import { LOST_DISPUTE_POLICIES } from '../../domain/orders/recovery-state.ts';
import { REVERSED_STATUSES } from '../../domain/orders/transfer-reversals.ts';
import { reversalResource } from '../commands/reversal-schema.ts';
import {
  approvalResource,
  attentionResource,
  balances,
  currencyCode,
  fundsResource,
  livemode,
  metadataPairs,
  minorUnits,
  noticeResource,
  pendingResource,
  rfc3339,
  transferReversal,
} from '../http/common.ts';
import { disputeResource } from './dispute-schema.ts';

export const completeness = z
  .boolean()
  .describe(
    'Nothing is outstanding, no operation is pending or stuck, and neither the customer nor a bank still has to do something for the payment.',
  );

const refundNextAction = z
  .object({
    type: z.string().describe("Stripe's name for it: display_details."),
    email_sent_at: rfc3339.nullable().describe('When Stripe asked the customer for their bank details.'),
    expires_at: rfc3339.nullable().describe('When Stripe fails the refund without them.'),
  })
  .meta({
    id: 'RefundNextAction',
    description: 'What the customer has to do before Stripe can send it. Null: nothing.',
  });

const refundResource = z
  .object({
    id: z.string().describe("Stripe's id (re_…)."),
    object: z.literal('refund'),
    amount: minorUnits.describe('Given back to the customer, in minor units.'),
    currency: z.string().describe("The order's currency."),
    status: z
      .enum(['pending', 'requires_action', 'succeeded', 'failed', 'canceled'])
      .describe(
        "Stripe's status. pending and requires_action: on its way. failed and canceled: the customer did not get the money.",
      ),
    next_action: refundNextAction.nullable(),
    reason: z.string().nullable().describe('Why, as given with the refund.'),
    failure_reason: z
      .string()
      .nullable()
      .describe(
        "Stripe's reason why the customer did not get it. Null: it did not fail, or Stripe does not say.",
      ),
    reference: z
      .string()
      .nullable()
      .describe(
        "By which the customer's bank finds it, such as an ARN: for a customer who misses the money. Null: see `reference_status`.",
      ),
    reference_status: z
      .string()
      .nullable()
      .describe(
        "Stripe's: pending (it comes up to 7 business days later), available or unavailable. Null: Stripe has none for this way of paying.",
      ),
    reference_type: z
      .string()
      .nullable()
      .describe("Of a card: acquirer_reference_number, or Stripe's name of another number."),
    transfer_reversal: transferReversal
      .nullable()
      .describe("What was taken back from the connected account, in the transfer's currency."),
    application_fee_refunded: minorUnits.describe('Given back of the application fee, in minor units.'),
    platform: balances.nullable().meta({ description: "What it did to the platform's balance." }),
    connected: balances.nullable().meta({ description: "What it did to the connected account's balance." }),
    created: rfc3339.describe('When it was made at Stripe.'),
  })
  .meta({ id: 'Refund' });

const orderTransferResource = z
  .object({
    id: z.string().describe("Stripe's id (tr_…)."),
    object: z.literal('transfer'),
    status: z.enum(REVERSED_STATUSES).describe('paid, or how much of it was reversed.'),
    amount: minorUnits.describe('Transferred, in minor units.'),
    amount_reversed: minorUnits.describe('Taken back of it, in minor units, whoever did it.'),
    currency: currencyCode,
    destination: z.string().describe('The connected account that received it.'),
    description: z.string().nullable().describe('As given with the transfer.'),
    platform: balances.nullable().meta({ description: "What it did to the platform's balance." }),
    reversals: z
      .array(reversalResource)
      .meta({ description: 'Newest first; with what they moved in `adjustments`.' }),
    created: rfc3339.describe('When it was made at Stripe.'),
  })
  .meta({ id: 'OrderTransferObject' });

const adjustmentResource = z
  .object({
    id: z.string().describe("Stripe's id (trr_… or fr_…)."),
    object: z.enum(['transfer_reversal', 'application_fee_refund']).describe('What was given back.'),
    transfer: z.string().nullable().meta({ description: 'The transfer that was reversed.' }),
    amount: minorUnits.describe('In minor units.'),
    currency: z.string().describe("The transfer's, or the application fee's."),
    platform: balances.nullable().describe("What it did to the platform's balance. Null: not known yet."),
    connected: balances.describe("What it did to the connected account's balance."),
    created: rfc3339.describe('When it was made at Stripe.'),
  })
  .meta({
    id: 'Adjustment',
    description:
      "A transfer reversal or fee refund with no refund: of a special-case transfer, a lost dispute's recovery, or made outside Waybill. In the transfer's currency, or the application fee's.",
  });

const settlementResource = z
  .object({
    merchant: z.string().meta({ description: '`platform`, or the connected account (on_behalf_of).' }),
    country: z.string().nullable().describe("The settlement merchant's country."),
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
    code: z.string().describe("Stripe's error code."),
    decline_code: z.string().nullable().describe("The issuer's reason, if it gave one."),
    message: z.string().describe('For the customer, in a sentence.'),
    param: z.string().nullable().describe('The field that it concerns.'),
    at: rfc3339.describe('When the payment was declined.'),
  })
  .meta({ id: 'Decline', description: 'Why the issuer declined the payment last time.' });

export const orderResource = z
  .object({
    id: z.string().describe('Your own order id, or the one that Waybill made.'),
    object: z.literal('order'),
    status: z.enum(ORDER_STATUSES).describe('Where the payment stands. Ship on status and complete.'),
    amount: minorUnits.describe('Asked for, in minor units; after an increment the new total.'),
    currency: currencyCode,
    amount_capturable: minorUnits.describe('Authorized and not captured yet, in minor units.'),
    amount_captured: minorUnits.describe('Captured, in minor units, refunds not deducted.'),
    amount_refunded: minorUnits.describe(
      'Given back to the customer, in minor units, refunds on their way included.',
    ),
    customer: z.string().nullable().describe("The customer's id at Stripe (cus_…), if there is one."),
    connected_account: z.string().describe('The account that is paid (acct_…).'),
    on_behalf_of: z.boolean().describe('Whether the connected account is the settlement merchant.'),
    settlement: settlementResource.nullable(),
    application_fee_amount: minorUnits
      .nullable()
      .describe('What the platform keeps, in minor units, as asked for. Null: no fee was asked for.'),
    transfer_amount: minorUnits
      .nullable()
      .describe(
        'What the connected account gets, in minor units, as asked for. Null: everything but the application fee.',
      ),
    capture_method: z
      .enum(['manual', 'automatic', 'automatic_async'])
      .describe(
        'manual: call capture. automatic: captured at once. automatic_async: captured at once, its transfer and fee follow.',
      ),
    capture_before: rfc3339
      .nullable()
      .describe(
        'Stripe releases what is not captured by then. Null: nothing was authorized, or there is no deadline.',
      ),
    on_capture_expiry: z
      .enum(['cancel', 'reauthorize'])
      .describe('What happens if nobody captures in time: the authorization lapses, or is renewed.'),
    on_dispute_lost: z
      .enum(LOST_DISPUTE_POLICIES)
      .describe(
        'Who bears a lost dispute: bear (the platform) or recover (the connected account gives its share back).',
      ),
    reauthorizations: z.int().meta({ description: 'How often a new authorization was asked for.' }),
    payment_intent: z.string().nullable().describe('The PaymentIntent (pi_…). Null: Stripe has none yet.'),
    latest_charge: z
      .string()
      .nullable()
      .describe('The charge (ch_…) that holds or took the money. Null: there is none.'),
    transfer: z
      .string()
      .nullable()
      .describe('The transfer to the connected account (tr_…). Null: not captured, or not known yet.'),
    application_fee: z
      .string()
      .nullable()
      .describe('The application fee (fee_…). Null: none, or not known yet.'),
    refunds: z.array(refundResource).describe('Every refund of the charge, whoever made it.'),
    transfers: z.array(orderTransferResource).describe("Special-case transfers out of this order's charge."),
    adjustments: z
      .array(adjustmentResource)
      .describe('Transfer reversals and fee refunds that came without a refund.'),
    dispute: disputeResource
      .nullable()
      .meta({ description: 'The dispute to answer first, or otherwise the newest.' }),
    disputes: z.array(disputeResource).describe('Every dispute of the charge.'),
    funds: fundsResource,
    outstanding: z.array(z.string()).meta({
      description:
        'What Stripe has not reported yet, or may still take back: `settlement`, or the id of a refund, transfer or reversal.',
    }),
    complete: completeness,
    pending: pendingResource.nullable(),
    needs_attention: attentionResource.nullable(),
    notices: z
      .array(noticeResource)
      .describe('Everything that an operator should look at. Nothing in it blocks the order.'),
    approvals: z.array(approvalResource).describe("What waits for another person's approval."),
    last_decline: declineResource.nullable(),
    next_action: z
      .object({
        type: z.string().describe('Stripe’s name for it: redirect_to_url or use_stripe_sdk.'),
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
    cancellation_reason: z
      .string()
      .nullable()
      .describe('Why the payment was canceled. Null: it was not, or Stripe gives no reason.'),
    statement_descriptor_suffix: z
      .string()
      .nullable()
      .describe('What the card statement shows after the prefix.'),
    description: z.string().nullable().describe('Your own text, shown in the Dashboard.'),
    metadata: metadataPairs,
    created: rfc3339.describe('When the order began; of an adopted order, when its payment was made.'),
    livemode: livemode,
  })
  .meta({ id: 'Order' });

/** What a list shows of an order, without asking its workflow. */
export const orderSummaryResource = orderResource
  .pick({
    id: true,
    object: true,
    status: true,
    amount: true,
    currency: true,
    amount_captured: true,
    amount_refunded: true,
    customer: true,
    connected_account: true,
    payment_intent: true,
    capture_before: true,
    description: true,
    needs_attention: true,
    metadata: true,
    created: true,
    livemode: true,
  })
  .meta({
    id: 'OrderSummary',
    description: 'An order in a list, as Temporal last indexed it. Its values are those of the whole order.',
  });

export type OrderSummaryResource = z.output<typeof orderSummaryResource>;

export type OrderResource = z.output<typeof orderResource>;
