import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { AccountDirectory } from '../../stripe/account-directory.ts';
import { WITHIN } from '../support/within.ts';

const SECOND_MS = 1_000;

interface Read {
  resolve(account: object): void;
  reject(error: Error): void;
}

/** Stripe, which answers each read of an account when it is told to. */
function script() {
  let now = 0;
  const reads: Read[] = [];
  const retrieve = () =>
    new Promise<object>((resolve, reject) => {
      reads.push({ resolve, reject });
    });
  const directory = new AccountDirectory({ accounts: { retrieve } } as unknown as Stripe, () => now);
  return {
    directory,
    reads,
    at: (seconds: number) => {
      now = seconds * SECOND_MS;
    },
    country: async () => (await directory.connected('acct_1')).country,
    answer: (read: number, country: string) => reads[read]?.resolve({ id: 'acct_1', country }),
  };
}

it('an account that orders keep naming is read anew before it is forgotten, and none of them waits for that', async () => {
  const { reads, at, country, answer } = script();
  const first = country();
  answer(0, 'US');
  expect(await first).toBe('US');

  at(19);
  expect(await country()).toBe('US');
  expect(reads).toHaveLength(1);
  at(21);
  expect(await Promise.all([country(), country()])).toEqual(['US', 'US']);
  expect(reads).toHaveLength(2);
  answer(1, 'DE');
  await expect.poll(country, WITHIN).toBe('DE');

  at(40);
  expect(await country()).toBe('DE');
  expect(reads).toHaveLength(2);
});

it('an account is believed for half a minute at most where Stripe does not answer again', async () => {
  const { reads, at, country, answer } = script();
  const first = country();
  answer(0, 'US');
  await first;
  at(25);
  expect(await country()).toBe('US');
  reads[1]?.reject(new Error('no answer'));
  at(29);
  expect(await country()).toBe('US');
  expect(reads).toHaveLength(2);

  at(30);
  const late = country();
  expect(reads).toHaveLength(3);
  answer(2, 'FR');
  expect(await late).toBe('FR');
});

it('what was forgotten while it was read anew is not remembered again', async () => {
  const { directory, reads, at, country, answer } = script();
  const first = country();
  answer(0, 'US');
  await first;
  at(21);
  await country();
  directory.forget('acct_1');
  const anew = country();
  answer(1, 'US');
  answer(2, 'DE');
  expect(await anew).toBe('DE');
  expect(await country()).toBe('DE');
  expect(reads).toHaveLength(3);
});

it('one whose answer nobody understands counts as it was, to its end', async () => {
  const { reads, at, country, answer } = script();
  const first = country();
  answer(0, 'US');
  expect(await first).toBe('US');
  at(21);
  expect(await country()).toBe('US');
  reads[1]?.resolve(Object(null));
  expect(await country()).toBe('US');
  at(31);
  void country().catch(() => {});
  expect(reads).toHaveLength(3);
});
