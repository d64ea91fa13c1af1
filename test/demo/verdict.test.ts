import { expect, it } from 'vitest';
import { eur, usd } from '../../dev/demo/amounts.ts';
import type { Holdings } from '../../dev/demo/holdings.ts';
import { type Actual, judge } from '../../dev/demo/verdict.ts';

const HELD: Holdings = {
  customer: usd(1000),
  platform: usd(64),
  connected: usd(877),
  stripe: usd(59),
  bank: {},
  exchange: {},
};
const EXPECTED = { ...HELD, facts: { status: 'captured' } };

function verdict(changes: Partial<Actual>) {
  return judge(EXPECTED, { ledger: HELD, api: HELD, facts: { status: 'captured' }, ...changes });
}

it('is fine when ledger, API and facts are as expected', () => {
  const { ok, figures, ledgerSum } = verdict({});
  expect(ok).toBe(true);
  expect(figures.map(({ party }) => party)).toEqual(['customer', 'platform', 'connected', 'stripe']);
  expect(ledgerSum).toEqual({ usd: 0 });
});

it.each<[string, Partial<Actual>]>([
  ['the ledger has one cent elsewhere', { ledger: { ...HELD, platform: usd(63), connected: usd(878) } }],
  ['the ledger has the amount in another currency', { ledger: { ...HELD, platform: eur(64) } }],
  ['the ledger does not add up', { ledger: { ...HELD, exchange: usd(1) } }],
  ['money was exchanged that should not be', { ledger: { ...HELD, exchange: { ...usd(-1), ...eur(1) } } }],
  ['the API shows another figure', { api: { ...HELD, stripe: usd(58) } }],
  ['the API does not know yet', { api: null }],
  ['a fact is another', { facts: { status: 'authorized' } }],
  ['a fact is missing', { facts: {} }],
])('is not fine when %s', (_, changes) => {
  expect(verdict(changes).ok).toBe(false);
});
