import type Stripe from 'stripe';
import { describe, expect, it, vi } from 'vitest';
import {
  authorizeHandlers,
  cancelHandlers,
  captureHandlers,
  confirmHandlers,
  incrementHandlers,
  reauthorizeHandlers,
  releaseHandlers,
} from '../../../activities/orders/payments.ts';
import { refundHandlers } from '../../../activities/orders/refunds.ts';
import { transferHandlers } from '../../../activities/orders/transfers.ts';
import type { Handlers } from '../../../activities/shared/run-once.ts';
import { PAYMENT_EXPANDS } from '../../../domain/commands/stripe-expands.ts';
import { NOW, terms } from '../../support/builders.ts';

const stamp = {
  orderId: 'order-1',
  operationId: 'cmd_1',
  generation: 0,
  requestedAt: NOW,
  requestHash: 'hash',
};
const pinned = { ...stamp, expand: ['what.an.older.version.asked.for'] };
const capture = { operation: 'capture', paymentIntent: 'pi_1', amount: 5, final: true, share: null } as const;

describe('a repeat under the same idempotency key', () => {
  it.each<[string, (stripe: Stripe) => Handlers]>([
    [
      'authorize',
      (stripe) => authorizeHandlers(deps(stripe), { ...pinned, operation: 'authorize', terms: terms() }),
    ],
    [
      'capture',
      (stripe) => captureHandlers(deps(stripe), { ...pinned, ...capture, amountCapturedBefore: 0 }),
    ],
    ['cancel', (stripe) => cancelHandlers(deps(stripe), { ...pinned, paymentIntent: 'pi_1', reason: null })],
    [
      'reauthorize',
      (stripe) =>
        reauthorizeHandlers(deps(stripe), {
          ...pinned,
          ...{ operation: 'reauthorize', cycle: 1, replaces: 'pi_0', terms: terms() },
        }),
    ],
    [
      'confirm',
      (stripe) =>
        confirmHandlers(deps(stripe), {
          ...pinned,
          ...{ operation: 'confirm', paymentIntent: 'pi_1', returnUrl: null },
          method: { type: 'payment_method', id: 'pm_1' },
        }),
    ],
    [
      'increment',
      (stripe) =>
        incrementHandlers(deps(stripe), {
          ...pinned,
          ...{ operation: 'increment', paymentIntent: 'pi_1', amount: 5 },
        }),
    ],
    [
      'release',
      (stripe) => releaseHandlers(deps(stripe), { ...pinned, operation: 'release', paymentIntent: 'pi_1' }),
    ],
    [
      'refund',
      (stripe) =>
        refundHandlers(deps(stripe), {
          ...pinned,
          ...{ operation: 'refund', charge: 'ch_1', amount: 5, reason: null },
          ...{ reverseTransfer: false, refundApplicationFee: false, applicationFeeRefundedBefore: 0 },
          feeRefundsBefore: [],
        }),
    ],
    [
      'transfer',
      (stripe) =>
        transferHandlers(deps(stripe), {
          ...pinned,
          ...{ operation: 'transfer', charge: null, amount: 5, currency: 'usd' },
          ...{ destination: 'acct_1', description: null },
        }),
    ],
  ])('asks for what the operation pinned: %s', async (_name, handlers) => {
    const sent = await sentBy(handlers);
    expect(sent).toMatchObject({ expand: pinned.expand });
  });

  it('asks for what this version needs where nothing was asked before', async () => {
    const sent = await sentBy((stripe) =>
      captureHandlers(deps(stripe), { ...stamp, ...capture, amountCapturedBefore: 0 }),
    );
    expect(sent).toMatchObject({ expand: PAYMENT_EXPANDS });
  });
});

function deps(stripe: Stripe) {
  return { stripe, now: () => NOW } as Parameters<typeof authorizeHandlers>[0];
}

/** The parameters of the keyed POST; Stripe itself never answers. */
async function sentBy(handlersFor: (stripe: Stripe) => Handlers): Promise<unknown> {
  const post = vi.fn((..._sent: unknown[]) => Promise.reject(new Error('no answer')));
  const resource = {
    ...{ create: post, capture: post, cancel: post, confirm: post, incrementAuthorization: post },
    retrieve: async () => ({ payment_method: 'pm_1', amount_received: 0 }),
  };
  const stripe = { paymentIntents: resource, refunds: resource, transfers: resource } as unknown as Stripe;
  await expect(handlersFor(stripe).call('key')).rejects.toThrow('no answer');
  return post.mock.calls[0]?.find((sent) => typeof sent === 'object' && sent !== null && 'expand' in sent);
}
