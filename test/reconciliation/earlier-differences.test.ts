import { QueryNotRegisteredError, WorkflowNotFoundError } from '@temporalio/client';
import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import type { Difference } from '../../domain/reconciliation/reconciliation.ts';
import { NOTHING_FOUND } from '../../domain/reconciliation/reconciliation.ts';
import { earlierDifferences } from '../../reconciliation/earlier-differences.ts';
import { GRPC } from '../../temporal/grpc-code.ts';
import { ACCOUNTS, START, start } from '../sandbox/support.ts';
import { eventfulPayment } from './eventful-payment.ts';
import { withMissingLines } from './missing-lines.ts';
import { temporalThatAnswers } from './scripted-temporal.ts';

const DAY_MS = 86_400_000;

it('a balance that differed is reported until it agrees, though its account has grown older than the period', async () => {
  const harness = await start();
  await eventfulPayment(harness, 'pm_card_visa');
  await harness.control('POST', 'clock/advance', { seconds: (40 * DAY_MS) / 1_000 });
  await eventfulPayment(harness, 'pm_card_visa');
  const known: Difference = {
    ...{ id: `${ACCOUNTS.usCustom}:usd`, code: 'balance_differs', orderId: null, transaction: null },
    ...{ account: ACCOUNTS.usCustom, amount: 877, currency: 'usd', since: START + 40 * DAY_MS },
  };
  const findings = { ...NOTHING_FOUND, differences: [known], differenceCount: 1 };
  const temporal = temporalThatAnswers(async () => ({ from: 0, to: START, findings }));
  const foundWith = (stripe: Stripe, from: number) =>
    earlierDifferences({ stripe, temporal, readsAtOnce: 1 }, { from, expectedSince: from });

  const differing = withMissingLines(harness.url);
  // Its money moved in the period, or long before.
  for (const from of [START + 10 * DAY_MS, START + 80 * DAY_MS]) {
    expect(await foundWith(differing, from)).toMatchObject({
      differences: [{ code: 'balance_differs', account: ACCOUNTS.usCustom, amount: 2 * 877 }],
      differenceCount: 1,
      connected: { accounts: { differing: 1, unsummed: -1 } },
    });
  }
  // A younger one is compared with the other accounts.
  expect(await foundWith(differing, START - DAY_MS)).toEqual(NOTHING_FOUND);
  expect(await foundWith(harness.stripe, START + 80 * DAY_MS)).toEqual(NOTHING_FOUND);
});

it('the last report is waited for where it cannot be read: a new one without its differences would hide them', async () => {
  const since = { from: START, expectedSince: START };
  const { stripe } = await start();
  const lookedUp = (error: Error) =>
    earlierDifferences(
      {
        stripe,
        temporal: temporalThatAnswers(async () => {
          throw error;
        }),
        readsAtOnce: 1,
      },
      since,
    );
  const unreadable = lookedUp(new QueryNotRegisteredError('unknown query', GRPC.INVALID_ARGUMENT));
  await expect(unreadable).rejects.toMatchObject({ nonRetryable: false });
  const first = lookedUp(new WorkflowNotFoundError('not found', 'reconciliation', undefined));
  expect(await first).toEqual(NOTHING_FOUND);
});
