import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import type { StripeOperation } from '../../contract/operations.ts';
import type { CreatePayoutOperation } from '../../contract/payout-operations.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { SEEDED_ACCOUNTS } from '../../sandbox/index.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import type { createStripeClient } from '../../stripe/client.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import { NOW, payoutTerms, terms } from '../support/builders.ts';
import { startSandboxActivities } from '../support/sandbox-activities.ts';

let sandbox: Sandbox;
let stripe: ReturnType<typeof createStripeClient>;
let activities: Activities;

const SELLER = SEEDED_ACCOUNTS.usCustom;
const HELD = {
  currency: 'usd',
  capture_method: 'automatic',
  payment_method: 'pm_card_bypassPending',
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
} as const;

beforeAll(async () => {
  ({ sandbox, stripe, activities } = await startSandboxActivities());
  await stripe.paymentIntents.create({ ...HELD, amount: 100_000, confirm: true });
});
afterAll(() => sandbox.close());

/** A sale of 10.00, made by hand. */
async function sold(metadata: Record<string, string> = {}) {
  const intent = await stripe.paymentIntents.create({
    ...HELD,
    amount: 1000,
    confirm: true,
    transfer_data: { destination: SELLER, amount: 500 },
    expand: ['latest_charge'],
    metadata,
  });
  if (!intent.latest_charge || typeof intent.latest_charge === 'string') throw new Error('no charge');
  return { intent, charge: intent.latest_charge };
}

const transferred = () => stripe.transfers.create({ amount: 100, currency: 'usd', destination: SELLER });

const stamp = { generation: 0, requestedAt: NOW, requestHash: 'hash' } as const;
const of = (orderId: string) => ({ ...stamp, orderId, operationId: `cmd_${orderId}` });

interface Made {
  readonly id: string;
  /** The operations of two objects whose effect it may be. */
  readonly wanted: (id: string) => StripeOperation;
}

/** Each makes one by hand, that two stuck operations would have made alike. */
const MADE: Readonly<Record<string, () => Promise<Made>>> = {
  'a transfer without an order': async () => {
    const { id } = await transferred();
    const asked = { amount: 100, currency: 'usd', destination: SELLER, description: null, charge: null };
    return { id, wanted: (one) => ({ operation: 'transfer', ...of(one), ...asked }) };
  },
  'a transfer out of a charge': async () => {
    const { charge } = await sold();
    const asked = { amount: 100, currency: 'usd', destination: SELLER };
    const { id } = await stripe.transfers.create({ ...asked, source_transaction: charge.id });
    const operation = { operation: 'transfer', ...asked, description: null, charge: charge.id } as const;
    return { id, wanted: (one) => ({ ...operation, ...of('order-1'), operationId: one }) };
  },
  'a refund': async () => {
    const { charge } = await sold();
    const { id } = await stripe.refunds.create({ charge: charge.id, amount: 100 });
    const operation = {
      operation: 'refund',
      charge: charge.id,
      amount: 100,
      reverseTransfer: false,
      refundApplicationFee: false,
      reason: null,
      applicationFeeRefundedBefore: 0,
      feeRefundsBefore: [],
    } as const;
    return { id, wanted: (one) => ({ ...operation, ...of('order-1'), operationId: one }) };
  },
  'a reversal': async () => {
    const transfer = await transferred();
    const { id } = await stripe.transfers.createReversal(transfer.id, { amount: 40 });
    const asked = { transfer: transfer.id, amount: 40, reason: null, isOtherAccount: false };
    return {
      id,
      wanted: (one) => ({ operation: 'reverse_transfer', ...asked, ...of('order-1'), operationId: one }),
    };
  },
  'a reversal for a lost dispute': async () => {
    const transfer = await transferred();
    const { id } = await stripe.transfers.createReversal(transfer.id, { amount: 40 });
    const asked = { transfer: transfer.id, amount: 40, others: [], refundApplicationFee: false };
    return {
      id,
      wanted: (one) => ({
        operation: 'recover',
        ...asked,
        ...of('order-1'),
        operationId: `recover:${one}`,
        disputeId: one,
      }),
    };
  },
  'a payment': async () => {
    const { intent } = await sold();
    const agreed = terms({ connectedAccount: SELLER, captureMethod: 'automatic', transferAmount: 500 });
    return {
      id: intent.id,
      wanted: (one) => ({ operation: 'authorize', ...of(one), terms: { ...agreed, id: one } }),
    };
  },
  'a payout': async () => {
    await stripe.transfers.create({ amount: 600, currency: 'usd', destination: SELLER });
    const { id } = await payoutsOf(stripe, asAccount(SELLER)).create({ amount: 600, currency: 'usd' }, {});
    return {
      id,
      wanted: (one): CreatePayoutOperation => ({
        ...stamp,
        operation: 'payout',
        operationId: `cmd_${one}`,
        payoutId: one,
        terms: payoutTerms({ id: one, connectedAccount: SELLER }),
      }),
    };
  },
  'an account': async () => {
    const { id } = await stripe.accounts.create({ type: 'standard' });
    return {
      id,
      wanted: (one) => ({
        ...stamp,
        operation: 'connect_account',
        operationId: `cmd_${one}`,
        reference: one,
        code: 'ac_1',
        newestBefore: null,
      }),
    };
  },
};

const typeOf = async (operation: StripeOperation, id: string) =>
  (await activities.verifyEffect(operation, id))?.type ?? null;

describe.each(Object.entries(MADE))('%s that somebody made by hand', (_, make) => {
  it('is the effect of the first operation that it is named for, and of no other', async () => {
    const { id, wanted } = await make();
    const first = await activities.verifyEffect(wanted('one'), id);
    expect(first?.type).not.toBe('not_claimed');
    const second = await activities.verifyEffect(wanted('two'), id);
    expect(second).toMatchObject({
      type: 'not_claimed',
      why: expect.stringMatching(/^\S+ is the effect of \S*one /),
    });
    expect(await typeOf(wanted('one'), id)).toBe(first?.type);
  });

  it('is that of one alone, where two are asked for at once', async () => {
    const { id, wanted } = await make();
    const both = await Promise.all(['three', 'four'].map((one) => typeOf(wanted(one), id)));
    expect(both.filter((type) => type === 'not_claimed')).toHaveLength(1);
    expect(both).not.toContain(null);
  });
});

describe('what Stripe made itself is nobody’s effect:', () => {
  it('a charge’s own transfer', async () => {
    const { charge } = await sold();
    const own = (await stripe.charges.retrieve(charge.id)).transfer;
    const asked = { amount: 500, currency: 'usd', destination: SELLER, description: null, charge: null };
    expect(await typeOf({ operation: 'transfer', ...of('one'), ...asked }, String(own))).toBeNull();
  });

  it('what a refund took back', async () => {
    const { charge } = await sold();
    const refund = await stripe.refunds.create({ charge: charge.id, amount: 400, reverse_transfer: true });
    const transfer = String((await stripe.charges.retrieve(charge.id)).transfer);
    const { amount } = await stripe.transfers.retrieveReversal(transfer, String(refund.transfer_reversal));
    const recovery = { transfer, amount, others: [], refundApplicationFee: false, disputeId: 'dp_1' };
    const operation = { operation: 'recover', ...of('one'), ...recovery } as const;
    expect(await typeOf(operation, String(refund.transfer_reversal))).toBeNull();
    const reversal = { operation: 'reverse_transfer', ...of('one'), transfer, amount } as const;
    const named = { ...reversal, reason: null, isOtherAccount: false };
    expect(await typeOf(named, String(refund.transfer_reversal))).toBeNull();
  });
});

describe('a payment', () => {
  it('that was adopted is that of its order', async () => {
    const { wanted } = await (MADE['a payment'] as () => Promise<Made>)();
    const { intent } = await sold({ waybill_order: 'adopted' });
    expect(await activities.verifyEffect(wanted('one'), intent.id)).toEqual({
      type: 'not_claimed',
      why: `${intent.id} is that of adopted already: each operation has an effect of its own.`,
    });
  });

  it('is not what takes its own place', async () => {
    const { intent } = await sold({ waybill_order: 'one' });
    const agreed = terms({ id: 'one', connectedAccount: SELLER, transferAmount: 500 });
    const renewal = { operation: 'reauthorize', ...of('one'), cycle: 1, terms: agreed } as const;
    expect(await activities.verifyEffect({ ...renewal, replaces: intent.id }, intent.id)).toBeNull();
  });
});

it('marks what has no room for it not, and says so', async () => {
  const metadata = Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`key-${n}`, 'x']));
  const { id } = await stripe.transfers.create({
    amount: 100,
    currency: 'usd',
    destination: SELLER,
    metadata,
  });
  const asked = { amount: 100, currency: 'usd', destination: SELLER, description: null, charge: null };
  expect(await activities.verifyEffect({ operation: 'transfer', ...of('full'), ...asked }, id)).toMatchObject(
    {
      type: 'not_claimed',
      why: expect.stringContaining('49 metadata keys'),
    },
  );
});

it('takes it also where somebody has taken the marks of another one off', async () => {
  const { id, wanted } = await (MADE['a transfer without an order'] as () => Promise<Made>)();
  expect(await typeOf(wanted('one'), id)).toBe('transfer');
  await stripe.transfers.update(id, { metadata: { waybill_order: '', waybill_operation: '' } });
  expect(await typeOf(wanted('two'), id)).toBe('transfer');
});
