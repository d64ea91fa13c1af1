import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../../activities/index.ts';
import { wholeOutcome } from '../../../contract/brief-outcomes.ts';
import type { CancelOperation, ReleaseOperation } from '../../../contract/operations.ts';
import type { Sandbox } from '../../../sandbox/index.ts';
import { SEEDED_ACCOUNTS } from '../../../sandbox/index.ts';
import type { createStripeClient } from '../../../stripe/client.ts';
import { summaryOf } from '../../../workflows/entity/outcome-summary.ts';
import { NOW } from '../../support/builders.ts';
import { startSandboxActivities } from '../../support/sandbox-activities.ts';

let sandbox: Sandbox;
let stripe: ReturnType<typeof createStripeClient>;
let activities: Activities;
beforeAll(async () => {
  ({ sandbox, stripe, activities } = await startSandboxActivities());
});
afterAll(() => sandbox.close());

/** A payment that waits for its capture, or, without a method, for somebody who pays it. */
async function made(paymentMethod?: string): Promise<string> {
  const { id } = await stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    capture_method: 'manual',
    transfer_data: { destination: SEEDED_ACCOUNTS.usCustom },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    ...(paymentMethod ? { payment_method: paymentMethod, confirm: true } : {}),
  });
  return id;
}

const base = { orderId: 'order-1', generation: 0, requestedAt: NOW } as const;

describe('a payment that nobody has paid in time', () => {
  const cancel = async (paymentIntent: string, operationId: string) => {
    const unpaid = { operation: 'cancel', reason: 'abandoned', unlessPaid: true } as const;
    const operation: CancelOperation = { ...base, ...unpaid, operationId, paymentIntent };
    return wholeOutcome(await activities.cancel(operation));
  };

  it('is canceled, and once', async () => {
    const id = await made();
    const outcome = { type: 'payment', payment: { status: 'canceled', cancellationReason: 'abandoned' } };
    expect(await cancel(id, 'unpaid-1')).toMatchObject(outcome);
    expect(await cancel(id, 'unpaid-1')).toMatchObject(outcome);
  });

  it('is left as it is where the customer has just paid, and no event has said so yet', async () => {
    const id = await made();
    await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(await cancel(id, 'unpaid-2')).toMatchObject({
      type: 'payment',
      payment: { status: 'requires_capture', amountCapturable: 1000 },
    });
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('requires_capture');
  });

  it('is canceled with its authorization where somebody asks for that', async () => {
    const id = await made('pm_card_visa');
    const asked = { operation: 'cancel', reason: 'abandoned', paymentIntent: id } as const;
    expect(wholeOutcome(await activities.cancel({ ...base, ...asked, operationId: 'cmd_1' }))).toMatchObject({
      payment: { status: 'canceled' },
    });
  });
});

describe('the timeline of a canceled order', () => {
  const detailOf = async (paymentIntent: string) => {
    const asked = { operation: 'cancel', reason: null, paymentIntent } as const;
    const operationId = `cancel-${paymentIntent}`;
    return summaryOf(wholeOutcome(await activities.cancel({ ...base, ...asked, operationId }))).detail;
  };

  it('says that the customer had paid, who may have done so in the last moment', async () => {
    expect(await detailOf(await made('pm_card_visa'))).toBe(
      'canceled: what the customer had authorized is released',
    );
  });

  it('says no such thing where nobody had paid, or only tried to', async () => {
    const id = await made();
    const declined = stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_chargeDeclined' });
    await expect(declined).rejects.toThrow();
    expect(await detailOf(id)).toBe('canceled');
    expect(await detailOf(await made())).toBe('canceled');
  });
});

describe('an authorization whose place another has taken', () => {
  const MINUTE_MS = 60_000;
  const release = async (paymentIntent: string, requestedAt = NOW + MINUTE_MS) => {
    const named = { operationId: `release:${paymentIntent}`, requestedAt };
    const operation: ReleaseOperation = { ...base, ...named, operation: 'release', paymentIntent };
    return wholeOutcome(await activities.release(operation));
  };
  const released = { type: 'payment', payment: { status: 'canceled', cancellationReason: null } };

  it('is released, and a repeat gets the same answer', async () => {
    const id = await made('pm_card_visa');
    expect(await release(id)).toMatchObject(released);
    expect(await release(id)).toMatchObject(released);
  });

  it('is not for Waybill to release where somebody canceled it before the order knew of the other', async () => {
    const id = await made('pm_card_visa');
    await stripe.paymentIntents.cancel(id);
    const refused = {
      type: 'refused',
      payment: { paymentIntent: id, status: 'canceled' },
      problem: { code: 'state_conflict' },
    };
    expect(await release(id)).toMatchObject(refused);
    expect(await release(id)).toMatchObject(refused);
  });

  it('is released by whoever cancels it after that, as an operator does where the release is stuck', async () => {
    const id = await made('pm_card_visa');
    await stripe.paymentIntents.cancel(id);
    expect(await release(id, NOW - MINUTE_MS)).toMatchObject(released);
  });

  it('is the payment where somebody captured it first', async () => {
    const id = await made('pm_card_visa');
    await stripe.paymentIntents.capture(id);
    expect(await release(id)).toMatchObject({ type: 'payment', payment: { amountReceived: 1000 } });
  });
});
