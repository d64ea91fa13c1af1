import { formatMoney } from '../../money/money.ts';
import type { Order, Refund } from '../order.ts';
import { amountRefundable, isEffective } from '../order.ts';
import type { OrderCommandBody } from '../order-command-table.ts';
import { capturedPartOf } from '../payment.ts';
import type { Movement, Party } from './movements.ts';
import { accountParty, betweenAccounts, changeFor } from './movements.ts';
import type { ChargeSplit } from './split.ts';
import { shareOfRefund } from './split.ts';

export function movementsOfRefund(
  order: Order,
  {
    amount: asked,
    reverse_transfer: isReversed,
    refund_application_fee: isFeeRefunded,
  }: OrderCommandBody<'refund'>,
  split: ChargeSplit,
): readonly Movement[] {
  const { terms, refunds } = order;
  const { currency } = terms;
  const left = amountRefundable(order);
  const amount = asked ?? left;
  const captured = capturedPartOf(order.payment)?.amountCaptured ?? 0;
  const completesAfter = (tookItsShare: (refund: Refund) => boolean) => ({
    amount,
    captured,
    completes: amount === left && refunds.filter(isEffective).every(tookItsShare),
  });
  const account = accountParty(terms.connectedAccount);
  const reversing = completesAfter(({ reversal }) => reversal !== null);
  const returning = completesAfter(({ applicationFeeRefunded }) => applicationFeeRefunded > 0);
  const reversals = (isReversed ? split.transfers : []).map((part) => {
    const what = { amount: shareOfRefund(part, reversing), currency: part.currency, isTakenBack: true };
    return betweenAccounts({ type: 'transfer_reversal', ...what }, account, part);
  });
  const feeRefunds = (isFeeRefunded ? split.fees : []).map((part) => {
    const what = { amount: shareOfRefund(part, returning), currency: part.currency };
    return betweenAccounts({ type: 'application_fee_refund', ...what }, account, part);
  });
  const refund: Movement = {
    type: 'refund',
    from: 'platform',
    to: 'customer',
    amount,
    currency,
    convertedFor: split.currency === currency ? [] : ['platform'],
  };
  return [refund, ...[...reversals, ...feeRefunds].filter((movement) => movement.amount > 0)];
}

export function summaryOfRefund(order: Order, movements: readonly Movement[]): string {
  const { settlement } = capturedPartOf(order.payment) ?? {};
  const stripeFee = settlement?.stripeFee ?? 0;
  const kept =
    settlement && stripeFee > 0
      ? [`The fee of ${formatMoney({ ...settlement, amount: stripeFee })} stays with Stripe.`]
      : [];
  return [whoGives(movements, order.terms.currency), ...kept].join(' ');
}

function whoGives(movements: readonly Movement[], currency: string): string {
  const change = (isMeant: (party: Party) => boolean) => changeFor(movements, isMeant)?.[currency] ?? 0;
  const given = formatMoney({ currency, amount: change((party) => party === 'customer') });
  const isConverted = movements.some(({ convertedFor }) => convertedFor.length > 0);
  if (movements.length === 1) {
    return `Gives ${given} back, all of it from you.${isConverted ? CONVERTED : ''}`;
  }
  if (isConverted) return `Gives ${given} back, a share of it from the seller.${CONVERTED}`;
  const seller = formatMoney({ currency, amount: -change((party) => party.startsWith('acct_')) });
  const you = formatMoney({ currency, amount: -change((party) => party === 'platform') });
  return `Gives ${given} back: ${seller} from the seller, ${you} from you.`;
}

const CONVERTED = ' Stripe converts it at its rate of that moment.';
