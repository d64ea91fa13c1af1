import { z } from 'zod';
import { atLeastOneOf, notTogether, oneOfEach, unless } from '../../domain/commands/rules.ts';
import { OWN_ORDER_METADATA, orderMetadataMax } from '../../domain/orders/metadata.ts';
import { LOST_DISPUTE_POLICIES } from '../../domain/orders/recovery-state.ts';
import * as field from '../http/fields.ts';

const KEYS_WITH_MULTICAPTURE_MAX = orderMetadataMax({ requestMulticapture: true });

/** Body of `POST /v1/orders`. */
export const createOrderBody = z
  .strictObject({
    id: field.newOrderId.optional().meta({
      description: "The caller's own order id; one is made otherwise.",
    }),
    amount: field.amount,
    currency: field.currency,
    payment_method: field.paymentMethodId
      .optional()
      .describe('How the customer pays, made in the browser or app.'),
    token: field.tokenId.optional().meta({ description: 'A one-off token; never card data.' }),
    customer: field.customerId.optional().meta({
      description: 'Alone: its default payment method. Together with payment_method: that one of its own.',
    }),
    connected_account: field.account.describe('Who is paid: acct_…, or your own reference.'),
    application_fee_amount: field.amountOrNone
      .optional()
      .meta({ description: 'What the platform keeps, in minor units; 0 is no fee.' }),
    transfer_amount: field.amount.optional().meta({
      description:
        'What the connected account gets, in minor units; the platform keeps the rest. Excludes application_fee_amount.',
    }),
    on_behalf_of: z
      .boolean()
      .default(false)
      .meta({ description: 'The connected account is the settlement merchant.' }),
    capture_method: z
      .enum(['manual', 'automatic', 'automatic_async'])
      .default('manual')
      .describe(
        'manual: call capture later. automatic: capture at once. automatic_async: the same, faster; transfer and fee follow.',
      ),
    on_capture_expiry: z.enum(['cancel', 'reauthorize']).default('cancel').meta({
      description:
        'reauthorize: before the capture window ends a new authorization is made and then the old one let go; needs a customer.',
    }),
    on_dispute_lost: z.enum(LOST_DISPUTE_POLICIES).optional().meta({
      description:
        "recover: the connected account gives its share back; bear: the platform pays. The service's own setting when absent.",
    }),
    request_multicapture: z
      .boolean()
      .default(false)
      .meta({ description: 'Several captures, where card and account allow it.' }),
    request_incremental_authorization: z
      .boolean()
      .default(false)
      .meta({ description: 'A higher amount later, where card and account allow it.' }),
    off_session: z
      .boolean()
      .default(false)
      .meta({ description: 'The customer is not there to authenticate.' }),
    return_url: field.webUrl.optional().meta({
      description: 'Where the customer comes back to after authenticating on another page.',
    }),
    statement_descriptor_suffix: field.statementDescriptorSuffix
      .optional()
      .describe('What the card statement shows after the prefix.'),
    description: field.description.optional().describe('Your own text, shown in the Dashboard.'),
    metadata: field.metadataBeside(OWN_ORDER_METADATA).default({}).describe('Your own names and values.'),
  })
  .superRefine((body, context) => {
    const addIssue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (body.token !== undefined && (body.payment_method ?? body.customer) !== undefined) {
      addIssue(
        'token',
        'cannot be given together with payment_method or customer: a token is a one-off payment',
      );
    }
    if (body.on_capture_expiry === 'reauthorize' && body.customer === undefined) {
      addIssue(
        'on_capture_expiry',
        'reauthorize needs a customer: a payment method without one cannot be used a second time',
      );
    }
    if (body.on_capture_expiry === 'reauthorize' && body.capture_method !== 'manual') {
      addIssue(
        'on_capture_expiry',
        'reauthorize needs capture_method manual: nothing else waits for a capture',
      );
    }
    if (body.request_multicapture && Object.keys(body.metadata).length > KEYS_WITH_MULTICAPTURE_MAX) {
      addIssue(
        'metadata',
        `must have at most ${KEYS_WITH_MULTICAPTURE_MAX} keys with request_multicapture: Waybill marks each capture`,
      );
    }
    if (body.payment_method === undefined && body.token === undefined && body.customer === undefined) {
      addIssue(
        'payment_method',
        'or token or customer is required. Must provide source or customer: connected_account says who is paid, not who pays',
      );
    }
  })
  .meta({
    id: 'OrderCreate',
    example: {
      id: 'order-4711',
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      connected_account: 'acct_1WaybillUSCustom',
      application_fee_amount: 123,
    },
    allOf: [
      atLeastOneOf('payment_method', 'token', 'customer'),
      notTogether('token', 'payment_method'),
      notTogether('token', 'customer'),
      unless(
        { request_multicapture: [false] },
        { properties: { metadata: { maxProperties: KEYS_WITH_MULTICAPTURE_MAX } } },
      ),
      unless(
        { on_capture_expiry: ['cancel'] },
        { required: ['customer'], properties: oneOfEach({ capture_method: ['manual'] }) },
      ),
    ],
  });

export type CreateOrderBody = z.output<typeof createOrderBody>;
