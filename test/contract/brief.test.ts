import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Usual } from '../../contract/brief.ts';
import { brief, whole } from '../../contract/brief.ts';
import { briefOutcome, wholeOutcome } from '../../contract/brief-outcomes.ts';
import { briefAnswer, wholeAnswer } from '../../contract/command-messages.ts';
import type { OrderInput } from '../../contract/orders.ts';
import { USUAL_ORDER, USUAL_ORDER_INPUT } from '../../contract/usual-order.ts';
import type { PaymentIntentStatus } from '../../domain/orders/payment.ts';
import { PAYMENT_INTENT_STATUSES } from '../../domain/orders/payment.ts';
import { anyOrder, observation } from '../support/arbitraries.ts';
import { attention, envelope, facts, orderIn, refund, SETTLEMENT, terms } from '../support/builders.ts';

interface Parcel {
  readonly id: string;
  readonly weight: number | null;
  readonly sender: { readonly name: string; readonly phone: string | null } | null;
  readonly tags: Readonly<Record<string, string>>;
}

const USUAL: Usual<Parcel> = { weight: null, sender: () => ({ phone: null }), tags: {} };
const PARCEL: Parcel = { id: 'a', weight: null, sender: { name: 'Ada', phone: null }, tags: {} };

/** As the history stores it. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe('a brief value', () => {
  it('has what is not usual, also of what is inside', () => {
    expect(brief(PARCEL, USUAL)).toEqual({ id: 'a', sender: { name: 'Ada' } });
  });

  it.each<Partial<Parcel>>([
    {},
    { weight: 0 },
    { sender: null },
    { sender: { name: 'Ada', phone: '1' } },
    { tags: { constructor: 'x', toString: 'y' } },
  ])('is whole again with %j', (changes) => {
    const parcel = { ...PARCEL, ...changes };
    expect(whole(stored(brief(parcel, USUAL)), USUAL)).toEqual(parcel);
  });

  it('is not shortened twice: a whole one stays whole', () => {
    expect(whole(PARCEL, USUAL)).toEqual(PARCEL);
  });

  it.each([null, undefined, 'nonsense', 7])('of %j by hand has nothing but what is usual', (nonsense) => {
    expect(whole(nonsense as never, USUAL)).not.toHaveProperty('sender');
  });
});

describe('what an order’s update answers', () => {
  const done = {
    commandId: 'cmd_1',
    requestHash: 'h',
    requestId: 'r',
    outcome: 'done',
    problem: null,
  } as const;
  const answered = (state: Parameters<typeof briefAnswer<ReturnType<typeof orderIn>>>[0]['state']) =>
    wholeAnswer(stored(briefAnswer({ result: done, state }, USUAL_ORDER)), 'cmd_1', USUAL_ORDER);

  it.each(PAYMENT_INTENT_STATUSES)('is whole at the caller for a payment that is %s', (status) => {
    const state = orderIn(status as PaymentIntentStatus);
    expect(answered(state)).toEqual({ result: done, state });
  });

  it('is whole at the caller for any order', () => {
    fc.assert(
      fc.property(anyOrder, (state) => {
        expect(answered(state).state).toEqual(stored(state));
      }),
    );
  });

  it('is whole at the caller for one that nothing about is usual', () => {
    const order = orderIn(
      'succeeded',
      { settlement: SETTLEMENT, multicapture: true },
      { metadata: { a: '1' } },
    );
    const state = { ...order, livemode: true, refunds: [refund()], attention: attention() };
    expect(answered(state).state).toEqual(state);
  });

  it('says nothing of a usual order but its terms and its payment', () => {
    const { result, state } = briefAnswer({ result: done, state: orderIn('requires_capture') }, USUAL_ORDER);
    expect(Object.keys(result)).toEqual(['requestHash', 'requestId']);
    expect(Object.keys(state)).toEqual(['terms', 'createdAt', 'payment']);
  });
});

it('an outcome’s payment is whole in the workflow', () => {
  fc.assert(
    fc.property(observation, (payment) => {
      const outcome = { type: 'payment', payment, stripeRequestId: 'req_1' } as const;
      expect(wholeOutcome(stored(briefOutcome(outcome)))).toEqual(outcome);
    }),
  );
  const usual = { type: 'payment', payment: facts('requires_capture'), stripeRequestId: null } as const;
  expect(briefOutcome(usual)).not.toHaveProperty('payment.settlement');
});

it('an order’s input is whole in the workflow', () => {
  const policy = {
    retryBudgetMs: 1,
    openMs: 1,
    abandonAfterMs: 1,
    captureWarningMs: 1,
    reauthorizeBeforeMs: 1,
    reauthorizeForMs: 1,
    metadataKey: '',
  };
  const input: OrderInput = { terms: terms(), livemode: false, policy, authorize: envelope('cmd_1') };
  const inputs = [input, { ...input, livemode: true, policy: { ...policy, metadataKey: 'k' } }];
  for (const one of inputs) {
    expect(whole(stored(brief(one, USUAL_ORDER_INPUT)), USUAL_ORDER_INPUT)).toEqual(one);
  }
});
