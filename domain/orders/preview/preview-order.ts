import { formatMoney } from '../../money/money.ts';
import type { OrderTerms } from '../order.ts';
import type { Preview } from './preview.ts';
import { movementsOfCharge, whoGetsIt } from './preview-capture.ts';
import type { Currencies } from './split.ts';

/** What a new order would do, if its card lets it. Without automatic capture: what its capture would then move. */
export function previewOfNewOrder(terms: OrderTerms, currencies: Currencies): Preview {
  const { amount, currency, captureMethod } = terms;
  const movements = movementsOfCharge(terms, amount, null, currencies);
  const rest = whoGetsIt(currency, movements);
  const text = formatMoney(terms);
  const summary =
    captureMethod === 'manual'
      ? `Authorizes ${text}; nothing moves until it is captured. All of it is captured${rest}`
      : `Charges ${text}${rest}`;
  return { summary, movements, released: 0, hasStripeFee: true };
}
