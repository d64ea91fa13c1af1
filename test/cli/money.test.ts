import { expect, it } from 'vitest';
import { money } from '../../cli/src/output.ts';
import { CURRENCIES } from '../../domain/money/currencies.ts';
import { formatMoney } from '../../domain/money/money.ts';

it('amounts on the command line have the digits that Stripe gives each currency', () => {
  for (const currency of CURRENCIES) {
    expect(money(123_456, currency)).toBe(formatMoney({ amount: 123_456, currency }));
  }
});
