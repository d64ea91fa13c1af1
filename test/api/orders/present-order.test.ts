import { describe, expect, it } from 'vitest';
import { orderResource } from '../../../api/orders/order-schema.ts';
import { presentOrder } from '../../../api/orders/present-order.ts';
import type { Order } from '../../../domain/orders/order.ts';
import { AUTHORIZED, CAPTURED, CREATED_AT, orderIn, REFUND } from '../fixtures.ts';

const ATTENTION: Order['attention'] = {
  operation: 'capture',
  operationId: 'cmd_2',
  code: 'api_error',
  message: 'Stripe does not answer.',
  stripeRequestId: 'req_stripe',
  since: CREATED_AT,
  generation: 0,
  allowedActions: ['retry', 'abandon'],
};

describe('the Order object', () => {
  it.each<[string, Order, object]>([
    ['pending', orderIn({ status: 'pending' }), { status: 'pending', payment_intent: null }],
    [
      'declined',
      orderIn(
        { status: 'requires_payment_method', paymentIntent: 'pi_1' },
        {
          lastDecline: {
            code: 'card_declined',
            declineCode: 'lost_card',
            message: 'no',
            param: null,
            at: CREATED_AT,
          },
        },
      ),
      {
        status: 'requires_payment_method',
        last_decline: {
          code: 'card_declined',
          decline_code: 'lost_card',
          message: 'no',
          param: null,
          at: '2026-01-02T03:04:05.678Z',
        },
      },
    ],
    [
      'waiting for 3-D Secure',
      orderIn({
        status: 'requires_action',
        paymentIntent: 'pi_1',
        nextAction: { type: 'redirect_to_url' },
      }),
      { next_action: { type: 'redirect_to_url', redirect_url: null, client_secret: null } },
    ],
    [
      'authorized',
      orderIn(AUTHORIZED),
      {
        amount_capturable: 1000,
        amount_captured: 0,
        latest_charge: 'ch_1',
        capture_before: '2026-01-09T03:04:05.678Z',
        created: '2026-01-02T03:04:05.678Z',
      },
    ],
    [
      'captured while Stripe has not settled it yet',
      orderIn(CAPTURED),
      {
        amount_captured: 1000,
        outstanding: ['settlement'],
        funds: { gross: 1000, stripe_fee: null, platform_net: null, connected_net: null, platform: null },
      },
    ],
    [
      'settled in another currency than the application fee arrives in',
      orderIn({
        ...CAPTURED,
        settlement: {
          currency: 'eur',
          stripeFee: 59,
          platform: { eur: -59, usd: 123 },
          connected: { eur: 805 },
        },
      }),
      {
        outstanding: [],
        funds: {
          gross: 1000,
          stripe_fee: 59,
          platform_net: null,
          connected_net: 805,
          settlement_currency: 'eur',
          platform: [
            { amount: -59, currency: 'eur' },
            { amount: 123, currency: 'usd' },
          ],
          connected: [{ amount: 805, currency: 'eur' }],
        },
      },
    ],
    [
      'refunded in part',
      orderIn(CAPTURED, { refunds: [REFUND] }),
      { status: 'captured', amount_refunded: 400, refunds: [{ id: 're_1', object: 'refund', amount: 400 }] },
    ],
    [
      'refunded, by a number that the bank knows',
      orderIn(CAPTURED, {
        refunds: [
          {
            ...REFUND,
            reference: { status: 'available', value: '24011', type: 'acquirer_reference_number' },
          },
          { ...REFUND, id: 're_2', reference: { status: 'pending' } },
          { ...REFUND, id: 're_3' },
        ],
      }),
      {
        refunds: [
          { reference: '24011', reference_status: 'available', reference_type: 'acquirer_reference_number' },
          { reference: null, reference_status: 'pending', reference_type: null },
          { reference: null, reference_status: null, reference_type: null },
        ],
      },
    ],
    [
      'refunded once the customer has answered Stripe',
      orderIn(CAPTURED, {
        refunds: [
          {
            ...REFUND,
            status: 'requires_action',
            nextAction: { type: 'display_details', emailSentAt: CREATED_AT, expiresAt: null },
          },
        ],
      }),
      {
        status: 'captured',
        amount_refunded: 400,
        complete: false,
        refunds: [
          {
            status: 'requires_action',
            next_action: {
              type: 'display_details',
              email_sent_at: '2026-01-02T03:04:05.678Z',
              expires_at: null,
            },
          },
        ],
      },
    ],
    [
      'refunded in full',
      orderIn(CAPTURED, { refunds: [{ ...REFUND, amount: 1000 }] }),
      { status: 'refunded', amount_refunded: 1000 },
    ],
    [
      'stuck',
      orderIn(AUTHORIZED, { attention: ATTENTION }),
      {
        needs_attention: {
          operation: 'capture',
          code: 'api_error',
          message: 'Stripe does not answer.',
          stripe_request_id: 'req_stripe',
          since: '2026-01-02T03:04:05.678Z',
          // When Stripe lets the authorization go, whatever is stuck.
          deadline: '2026-01-09T03:04:05.678Z',
          allowed_actions: ['retry', 'abandon'],
        },
      },
    ],
    [
      'canceled',
      orderIn({ status: 'canceled', paymentIntent: 'pi_1', reason: 'duplicate' }),
      { status: 'canceled', cancellation_reason: 'duplicate', amount_capturable: 0 },
    ],
    ['expired', orderIn({ status: 'expired', paymentIntent: 'pi_1' }), { status: 'expired' }],
  ])('shows an order that is %s', (_state, order, expected) => {
    const shown = presentOrder(order);
    expect(shown).toMatchObject(expected);
    expect(orderResource.safeParse(JSON.parse(JSON.stringify(shown))).error).toBeUndefined();
  });
});
