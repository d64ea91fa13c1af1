import { expect, it } from 'vitest';
import type { Funds } from '../../../domain/orders/funds.ts';
import { presentFunds } from '../../../domain/orders/present-funds.ts';

const FUNDS: Funds = {
  gross: 1000,
  stripeFee: 59,
  platform: { usd: 64 },
  connected: { usd: 877 },
  settlementCurrency: 'usd',
};

it('funds show each side’s net, and all that it holds by currency', () => {
  expect(presentFunds(FUNDS)).toEqual({
    gross: 1000,
    stripe_fee: 59,
    platform_net: 64,
    connected_net: 877,
    settlement_currency: 'usd',
    platform: [{ amount: 64, currency: 'usd' }],
    connected: [{ amount: 877, currency: 'usd' }],
  });
});

it.each<[string, Partial<Funds>, object]>([
  ['nothing is known yet', { platform: null, connected: null }, { platform_net: null, connected_net: null }],
  ['another currency is held too', { platform: { usd: 1, eur: 2 } }, { platform_net: null }],
  ['nothing is left', { platform: {}, connected: {} }, { platform_net: 0, connected_net: 0 }],
  [
    'nothing was ever settled',
    { platform: {}, connected: {}, settlementCurrency: null },
    { platform_net: 0, connected_net: 0 },
  ],
])('where %s, the nets say so', (_, changes, expected) => {
  expect(presentFunds({ ...FUNDS, ...changes })).toMatchObject(expected);
});
