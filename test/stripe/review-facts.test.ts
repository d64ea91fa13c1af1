import Stripe from 'stripe';
import { beforeEach, expect, it } from 'vitest';
import type { ObservationRequest } from '../../domain/orders/observation.ts';
import { readReview } from '../../stripe/review-facts.ts';

/** What was asked for, and what Stripe answers. */
let asked: string[];
let answer: () => object;
beforeEach(() => {
  asked = [];
  answer = () => ({ open: true, opened_reason: 'rule' });
});
const retrieve = async (id: string) => {
  asked.push(id);
  return answer();
};
const stripe = { reviews: { retrieve } } as unknown as Stripe;

function read(payment: object, known?: ObservationRequest['review']) {
  return readReview(
    stripe,
    { id: 'pi_1', review: null, ...payment } as unknown as Stripe.PaymentIntent,
    known,
  );
}

const OPEN = { id: 'prv_1', paymentIntent: 'pi_1', isOpen: true, openedReason: 'rule' };

it.each([
  ['the payment', { review: 'prv_1' }],
  ['its charge alone', { latest_charge: { id: 'ch_1', review: 'prv_1' } }],
])('a review that %s names is read, open or not', async (_, payment) => {
  expect(await read(payment)).toEqual(OPEN);
  answer = () => ({ open: false, opened_reason: 'rule' });
  expect(await read(payment)).toEqual({ ...OPEN, isOpen: false });
});

it('one that is closed says why', async () => {
  answer = () => ({ open: false, opened_reason: 'rule', closed_reason: 'refunded_as_fraud' });
  const closed = { ...OPEN, isOpen: false, closedReason: 'refunded_as_fraud' };
  expect(await read({ review: 'prv_1' }, { id: 'prv_1', isOpen: true })).toEqual(closed);
});

it('a payment without one costs no call', async () => {
  expect(await read({})).toBeNull();
  expect(await read({ latest_charge: 'ch_1' })).toBeNull();
  expect(asked).toEqual([]);
});

it('one that is known to be closed stays so, and is not read again', async () => {
  expect(await read({ review: 'prv_1' }, { id: 'prv_1', isOpen: false })).toBeNull();
  expect(await read({}, { id: 'prv_1', isOpen: false })).toBeNull();
  expect(asked).toEqual([]);
  expect(await read({ review: 'prv_2' }, { id: 'prv_1', isOpen: false })).toEqual({ ...OPEN, id: 'prv_2' });
});

it('one that was open is read also where the payment no longer names it', async () => {
  answer = () => ({ open: false, opened_reason: 'rule' });
  expect(await read({}, { id: 'prv_1', isOpen: true })).toEqual({ ...OPEN, isOpen: false });
});

it.each([
  ['the key may not read it', Stripe.errors.StripePermissionError, 403],
  ['Stripe does not find it', Stripe.errors.StripeInvalidRequestError, 404],
])(
  'nobody knows whether it is open where %s, and the payment is read all the same',
  async (_, Failure, statusCode) => {
    answer = () => {
      throw new Failure({ statusCode, message: 'No.' } as never);
    };
    expect(await read({ review: 'prv_1' })).toEqual({ ...OPEN, isOpen: null, openedReason: null });
  },
);

it('while Stripe does not answer, neither is the payment read', async () => {
  answer = () => {
    throw new Stripe.errors.StripeConnectionError({ message: 'down' } as never);
  };
  await expect(read({ review: 'prv_1' })).rejects.toThrow('down');
});
