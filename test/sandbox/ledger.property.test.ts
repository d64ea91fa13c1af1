import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, card, type Harness, START, SYNC_VERSION, start } from './support.ts';

type Step =
  | {
      kind: 'pay';
      amount: number;
      share: 'fee' | 'transfer' | 'all' | 'none';
      part: number;
      manual: boolean;
      inParts: boolean;
      method: string;
      currency: string;
      to: string;
      /** Available at once, so that it can be paid out. */
      settled: boolean;
    }
  | {
      kind:
        | 'capture'
        | 'cancel'
        | 'dispute'
        | 'evidence'
        | 'refund'
        | 'reverse'
        | 'transfer'
        | 'refund fails';
      which: number;
      part: number;
      reverse: boolean;
      fee: boolean;
    }
  | { kind: 'payout'; amount: number; of: string; instant: boolean; bank: string | null }
  | { kind: 'unpay'; which: number; of: string; how: 'cancel' | 'fail' | 'reverse' }
  | { kind: 'schedule'; of: string; interval: 'daily' | 'manual' }
  | { kind: 'wait'; hours: number }
  | { kind: 'break'; error: 'server_error' | 'drop'; when: 'before' | 'after' };

const part = fc.integer({ min: 1, max: 100 });
const which = fc.nat(20);
const seller = fc.constantFrom(ACCOUNTS.platform, ACCOUNTS.usCustom, ACCOUNTS.usExpress, ACCOUNTS.deCustom);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      amount: fc.integer({ min: 50, max: 99_999 }),
      share: fc.constantFrom('fee' as const, 'transfer' as const, 'all' as const, 'none' as const),
      part,
      manual: fc.boolean(),
      /** Captured in several parts, where it is captured by hand. */
      inParts: fc.boolean(),
      method: fc.constantFrom(
        'pm_card_visa',
        'pm_card_createDispute',
        'pm_card_refundFail',
        'pm_card_pendingRefund',
        'pm_usBankAccount_success',
        'pm_usBankAccount_dispute',
      ),
      currency: fc.constantFrom('usd', 'eur', 'jpy'),
      to: fc.constantFrom(ACCOUNTS.usCustom, ACCOUNTS.usExpress, ACCOUNTS.deCustom),
      settled: fc.boolean(),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'capture' as const,
        'cancel' as const,
        'dispute' as const,
        'evidence' as const,
        'refund' as const,
        'refund fails' as const,
        'reverse' as const,
        'transfer' as const,
      ),
      which,
      part,
      reverse: fc.boolean(),
      fee: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('payout' as const),
      amount: fc.integer({ min: 1, max: 40_000 }),
      of: seller,
      instant: fc.boolean(),
      bank: fc.constantFrom(null, 'btok_us_verified', 'btok_us_verified_noAccount'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('unpay' as const),
      which,
      of: seller,
      how: fc.constantFrom('cancel' as const, 'fail' as const, 'reverse' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('schedule' as const),
      of: seller,
      interval: fc.constantFrom('daily' as const, 'manual' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 200 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('break' as const),
      error: fc.constantFrom('server_error' as const, 'drop' as const),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
);

function pick<T>(items: readonly T[], at: number): T | undefined {
  return items.length === 0 ? undefined : items[at % items.length];
}

type PayoutStep = Extract<Step, { kind: 'payout' | 'schedule' | 'unpay' }>;

async function runPayout(
  { stripe, control }: Pick<Harness, 'control' | 'stripe'>,
  one: PayoutStep,
): Promise<unknown> {
  const options = one.of === ACCOUNTS.platform ? {} : { stripeAccount: one.of };
  if (one.kind === 'schedule') {
    const { interval } = one;
    return stripe.accounts.update(one.of, { settings: { payouts: { schedule: { interval } } } });
  }
  if (one.kind === 'payout') {
    const { amount, bank, instant, of } = one;
    if (bank !== null) await stripe.accounts.update(of, { external_account: bank });
    const currency = of === ACCOUNTS.deCustom ? 'eur' : 'usd';
    return stripe.payouts.create({ amount, currency, method: instant ? 'instant' : 'standard' }, options);
  }
  const payout = pick((await stripe.payouts.list({ limit: 100 }, options)).data, one.which);
  if (!payout) return undefined;
  if (one.how === 'fail') return control('POST', `payouts/${payout.id}/fail`, {});
  return one.how === 'cancel'
    ? stripe.payouts.cancel(payout.id, {}, options)
    : stripe.payouts.reverse(payout.id, {}, options);
}

async function run({ stripe, sandbox, control }: Harness, one: Step): Promise<unknown> {
  const of = (amount: number, percent: number): number => Math.max(1, Math.floor((amount * percent) / 100));
  if (one.kind === 'wait') return sandbox.advance(one.hours * 3600);
  if (one.kind === 'break') {
    const effect =
      one.error === 'drop' ? { drop: true, when: one.when } : { error: one.error, when: one.when };
    return control('POST', 'faults', { match: { method: 'POST' }, effect });
  }
  if (one.kind === 'payout' || one.kind === 'unpay' || one.kind === 'schedule') {
    return runPayout({ stripe, control }, one);
  }
  if (one.kind === 'pay') {
    const { amount, share, to, currency, method } = one;
    return stripe.paymentIntents.create({
      ...card,
      amount,
      currency,
      payment_method: one.settled ? 'pm_card_bypassPending' : method,
      ...{ payment_method_types: ['card', 'us_bank_account'] },
      capture_method: one.manual ? 'manual' : 'automatic',
      ...(one.inParts ? { payment_method_options: { card: { request_multicapture: 'if_available' } } } : {}),
      ...(share === 'none' ? {} : { transfer_data: { destination: to } }),
      ...(share === 'fee' ? { application_fee_amount: of(amount, one.part) } : {}),
      ...(share === 'transfer' ? { transfer_data: { destination: to, amount: of(amount, one.part) } } : {}),
    });
  }
  if (one.kind === 'reverse') {
    const transfer = pick((await stripe.transfers.list({ limit: 100 })).data, one.which);
    return (
      transfer && stripe.transfers.createReversal(transfer.id, { amount: of(transfer.amount, one.part) })
    );
  }
  if (one.kind === 'evidence') {
    const dispute = pick((await stripe.disputes.list({ limit: 100 })).data, one.which);
    const uncategorized_text = one.reverse ? 'winning_evidence' : 'losing_evidence';
    return dispute && stripe.disputes.update(dispute.id, { evidence: { uncategorized_text } });
  }
  if (one.kind === 'refund fails') {
    const refund = pick((await stripe.refunds.list({ limit: 100 })).data, one.which);
    return refund && control('POST', `refunds/${refund.id}/fail`);
  }
  const intent = pick((await stripe.paymentIntents.list({ limit: 100 })).data, one.which);
  if (!intent) return undefined;
  const amount = of(intent.amount, one.part);
  if (one.kind === 'transfer') {
    return stripe.transfers.create({
      amount,
      currency: 'usd',
      destination: ACCOUNTS.usExpress,
      source_transaction: intent.latest_charge as string,
    });
  }
  if (one.kind === 'dispute')
    return control('POST', `charges/${String(intent.latest_charge)}/dispute`, { amount });
  if (one.kind === 'capture') {
    const final = one.reverse ? {} : { final_capture: false };
    return stripe.paymentIntents.capture(intent.id, { amount_to_capture: amount, ...final });
  }
  if (one.kind === 'cancel') return stripe.paymentIntents.cancel(intent.id);
  return stripe.refunds.create({
    payment_intent: intent.id,
    amount,
    reverse_transfer: one.reverse,
    refund_application_fee: one.fee,
  });
}

/** Every account's balance, told by its balance transactions alone. */
function fromHistory(rows: { currency: string; net: number }[]): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const { currency, net } of rows) totals[currency] = (totals[currency] ?? 0) + net;
  return totals;
}

describe('whatever is asked of it, and whatever breaks meanwhile', () => {
  it('the ledger adds up to nothing, and each balance is the sum of its history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const harness = await start({ settings: { multicapture: true } });
        for (const one of steps) {
          // A refusal is a fine answer; what it must not do is leave half of itself behind.
          await run(harness, one).catch(() => undefined);
          const { sum } = harness.sandbox.ledger();
          expect(Object.values(sum).filter((total) => total !== 0)).toEqual([]);
        }
        await harness.control('DELETE', 'faults');
        // What is due now must not happen between one reading and the other.
        harness.sandbox.advance(0);
        const held = harness.sandbox.ledger().accounts;
        for (const account of Object.values(ACCOUNTS)) {
          const stripeAccount = account === ACCOUNTS.platform ? {} : { stripeAccount: account };
          const history = fromHistory(
            await harness.stripe.balanceTransactions
              .list({ limit: 100 }, stripeAccount)
              .autoPagingToArray({ limit: 1000 }),
          );
          for (const [currency, total] of Object.entries(history)) {
            const mine = held.filter(
              (one) => String(one.account).startsWith(account) && one.currency === currency,
            );
            expect(mine.reduce((all, one) => all + Number(one.amount), 0)).toBe(total);
          }
        }
        await harness.sandbox.close();
      }),
      { numRuns: 15 },
    );
  });

  it('a connected account never ends above what it was sent, nor a transfer reversed beyond itself', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 50, max: 9999 }),
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 6 }),
        part,
        async (amount, refunds, percent) => {
          const { stripe, sandbox } = await start();
          const sent = Math.max(1, Math.floor((amount * percent) / 100));
          const intent = await stripe.paymentIntents.create({
            ...card,
            amount,
            transfer_data: { destination: ACCOUNTS.usCustom, amount: sent },
          });
          let left = amount;
          for (const wish of [...refunds, amount]) {
            const now = Math.min(wish, left);
            if (now === 0) break;
            left -= now;
            await stripe.refunds.create({ payment_intent: intent.id, amount: now, reverse_transfer: true });
          }
          const [transfer] = (await stripe.transfers.list()).data;
          expect(transfer).toMatchObject({ amount: sent, amount_reversed: sent, reversed: true });
          await sandbox.close();
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('a seed', () => {
  it('gives the same answers to the same requests', async () => {
    const story = async (): Promise<unknown> => {
      const { stripe, sandbox } = await start({ seed: 42, now: START });
      const intent = await stripe.paymentIntents.create(
        { ...card, amount: 1000, transfer_data: { destination: ACCOUNTS.deCustom } },
        { apiVersion: SYNC_VERSION },
      );
      await stripe.refunds.create({ payment_intent: intent.id, reverse_transfer: true });
      sandbox.advance(14 * 86_400);
      const events = await stripe.events.list({ limit: 100 });
      return [intent.id, events.data.map(({ id, type, data }) => [id, type, data]), sandbox.ledger()];
    };
    expect(await story()).toEqual(await story());
  });

  it('that differs gives other ids', async () => {
    const first = await start({ seed: 1 });
    const second = await start({ seed: 2 });
    const params = { ...card, amount: 1000 };
    const ids = [
      (await first.stripe.paymentIntents.create(params)).id,
      (await second.stripe.paymentIntents.create(params)).id,
    ];
    expect(new Set(ids).size).toBe(2);
  });
});
