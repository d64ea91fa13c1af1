import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { StripeOperation } from '../../../contract/operations.ts';
import { projectRoot } from '../../../dev/project-root.ts';
import { operationSummary } from '../../../workflows/entity/operation-summary.ts';

const summary = (operation: object, currency: string | null = 'usd') =>
  operationSummary(operation as StripeOperation, currency);

it.each([
  ['authorize 10.00 USD', { operation: 'authorize', terms: { amount: 1000, currency: 'usd' } }],
  ['capture 10.00 USD', { operation: 'capture', amount: 1000, paymentIntent: 'pi_1' }],
  ['refund 3.00 USD', { operation: 'refund', amount: 300, charge: 'ch_1' }],
  ['refund ch_1', { operation: 'refund', amount: null, charge: 'ch_1' }],
  ['transfer 5.00 EUR', { operation: 'transfer', amount: 500, currency: 'eur' }],
  ['reverse transfer tr_1', { operation: 'reverse_transfer', amount: 500, transfer: 'tr_1' }],
  ['cancel pi_1', { operation: 'cancel', paymentIntent: 'pi_1' }],
  ['accept dispute du_1', { operation: 'accept_dispute', dispute: 'du_1' }],
  ['payout 7.00 GBP', { operation: 'payout', terms: { amount: 700, currency: 'gbp' } }],
  ['cancel payout po_1', { operation: 'cancel_payout', payout: 'po_1' }],
  ['create account shop-1', { operation: 'create_account', reference: 'shop-1' }],
  ['reject account acct_1', { operation: 'reject_account', account: 'acct_1' }],
])('says "%s"', (expected, operation) => {
  expect(summary(operation)).toBe(expected);
});

it('names the object where the currency of an amount is not known', () => {
  expect(summary({ operation: 'capture', amount: 1000, paymentIntent: 'pi_1' }, null)).toBe('capture pi_1');
});

/** Every piece of workflow code that matches. */
function inWorkflows(pattern: RegExp) {
  const folder = join(projectRoot, 'workflows');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));
  return files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(pattern)].map(([text]) => ({ file, text })),
  );
}

it('no timer is started without a summary', () => {
  // A condition without a time has no timer.
  const timers = inWorkflows(/\b(?:sleep\(|condition\((?:\w+|\(\) => \w+), )[^;]*;/g);
  expect(timers.length).toBeGreaterThan(7);
  expect(timers.filter(({ text }) => !/\bsummary\b/.test(text))).toEqual([]);
});

it('no activity is scheduled without a summary', () => {
  const proxies = inWorkflows(/proxy(?:Local)?Activities<\w+>\(\{[^;]*;/g);
  expect(proxies.length).toBeGreaterThan(12);
  const isRetried = (text: string) => text.includes('...RETRIED');
  expect(proxies.filter(({ text }) => !/\bsummary\b/.test(text) && !isRetried(text))).toEqual([]);
});

it('no signal, query or update is taken without a description', () => {
  const handlers = inWorkflows(/^( *)setHandler\((?:.*\);$|[\s\S]*?^\1\S*\);$)/gm);
  expect(handlers.length).toBeGreaterThan(20);
  expect(handlers.filter(({ text }) => !/\bdescription\b/.test(text))).toEqual([]);
});
