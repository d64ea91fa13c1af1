import { describe, expect, it } from 'vitest';
import * as inputs from '../../../domain/commands/workflow-input.ts';
import { envelope, payoutTerms, terms } from '../../support/builders.ts';

const { firstWrongField, ORDER_INPUT } = inputs;
const POLICY = {
  retryBudgetMs: 1,
  openMs: 1,
  abandonAfterMs: 1,
  captureWarningMs: 1,
  reauthorizeBeforeMs: 1,
  reauthorizeForMs: 1,
  watchPaidMs: 1,
};
const ORDER = { terms: terms(), livemode: false, policy: POLICY, authorize: envelope('cmd_1') };
const TRANSFER = {
  id: 't',
  amount: 1,
  currency: 'usd',
  destination: 'acct_1',
  policy: POLICY,
  pay: envelope('p'),
};
const EVENT = {
  event: { id: 'evt_1', type: 'order.captured', data: { id: 'o' } },
  subscriptions: [],
  giveUpAfterMs: 1,
};

describe('the input of a workflow', () => {
  it.each([
    ['an order', ORDER, inputs.ORDER_INPUT],
    ['a transfer', TRANSFER, inputs.TRANSFER_INPUT],
    ['a payout', { terms: payoutTerms(), policy: POLICY, payOut: envelope('p') }, inputs.PAYOUT_INPUT],
    [
      'an account',
      { reference: 'a', origin: { kind: 'adopt' }, policy: POLICY, begin: envelope('b') },
      inputs.ACCOUNT_INPUT,
    ],
    ['an outgoing event', EVENT, inputs.OUTGOING_EVENT_INPUT],
    [
      'an event of Stripe’s',
      { eventId: 'evt_1', eventType: 'x', subject: { kind: 'order' } },
      inputs.STRIPE_EVENT_INPUT,
    ],
  ])('of %s is accepted where it has what is needed', (_, input, shape) => {
    expect(firstWrongField(input, shape)).toBeNull();
  });

  it.each([
    ['nothing', undefined, 'terms.id'],
    ['null', null, 'terms.id'],
    ['a text', 'order-1', 'terms.id'],
    ['an empty object', {}, 'terms.id'],
    ['an amount that is a text', { ...ORDER, terms: { ...ORDER.terms, amount: '1000' } }, 'terms.amount'],
    ['a source that is null', { ...ORDER, terms: { ...ORDER.terms, source: null } }, 'terms.source'],
    ['no command', { ...ORDER, authorize: undefined }, 'authorize.commandId'],
  ])('of an order is refused where it is or has %s', (_, input, field) => {
    expect(firstWrongField(input, ORDER_INPUT)).toBe(field);
  });
});
