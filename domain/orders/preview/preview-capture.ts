import { formatMoney } from '../../money/money.ts';
import type { CaptureShare } from '../capture-share.ts';
import { shareOfCapture } from '../capture-share.ts';
import type { Order, OrderTerms } from '../order.ts';
import type { OrderCommandBody } from '../order-command-table.ts';
import type { Movement, Party } from './movements.ts';
import { accountParty, betweenAccounts, changeFor } from './movements.ts';
import type { Currencies } from './split.ts';
import { agreedSplit } from './split.ts';

export function movementsOfCapture(
  order: Order,
  command: OrderCommandBody<'capture'>,
  currencies: Currencies,
): readonly Movement[] {
  const amount = command.amount ?? amountCapturable(order);
  return movementsOfCharge(order.terms, amount, shareOfCapture(order, command), currencies);
}

/** What a charge of `amount` moves. `share`: what one of several captures takes. */
export function movementsOfCharge(
  terms: OrderTerms,
  amount: number,
  share: CaptureShare | null,
  currencies: Currencies,
): readonly Movement[] {
  const { currency } = terms;
  const account = accountParty(terms.connectedAccount);
  const { transfers, fees } = agreedSplit(terms, amount, share, currencies);
  return [
    {
      type: 'charge',
      from: 'customer',
      to: 'platform',
      amount,
      currency,
      convertedFor: currencies.settlement === currency ? [] : ['platform'],
    },
    ...transfers.map((part) => betweenAccounts({ type: 'transfer', ...moneyOf(part) }, account, part)),
    ...fees.map((part) =>
      betweenAccounts({ type: 'application_fee', ...moneyOf(part), isTakenBack: true }, account, part),
    ),
  ];
}

/** What of an authorization goes back to the customer without having moved, in minor units. */
export function releasedByCapture(order: Order, { amount, final }: OrderCommandBody<'capture'>): number {
  return !final || amount === undefined ? 0 : amountCapturable(order) - amount;
}

export function summaryOfCapture(
  order: Order,
  command: OrderCommandBody<'capture'>,
  movements: readonly Movement[],
): string {
  const { currency } = order.terms;
  const text = (amount: number) => formatMoney({ amount, currency });
  const amount = command.amount ?? amountCapturable(order);
  const rest = amountCapturable(order) - amount;
  const captured = `Captures ${text(amount)}${whoGetsIt(currency, movements)}`;
  if (rest === 0) return captured;
  const left =
    command.final === false ? `${text(rest)} can still be captured.` : `The other ${text(rest)} is released.`;
  return `${captured} ${left}`;
}

/** The rest of a sentence about a charge. */
export function whoGetsIt(currency: string, movements: readonly Movement[]): string {
  const text = (amount = 0) => formatMoney({ amount, currency });
  const change = (isMeant: (party: Party) => boolean) => changeFor(movements, isMeant);
  const platform = change((party) => party === 'platform');
  const seller = change((party) => party.startsWith('acct_'));
  return platform && seller
    ? `: ${text(seller[currency])} for the seller, ${text(platform[currency])} for you, out of which Stripe takes its fee.`
    : '. Stripe converts it at its rate of that moment, and takes its fee out of your share.';
}

export function amountCapturable({ payment }: Order): number {
  return payment.status === 'authorized' ? payment.amountCapturable : 0;
}

function moneyOf({ amount, currency }: { readonly amount: number; readonly currency: string }) {
  return { amount, currency };
}
