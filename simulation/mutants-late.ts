import type { Mutant } from './mutant.ts';

/** Those about what comes long after a payment, or while something else is stuck. */
export const LATE_MUTANTS: readonly Mutant[] = [
  {
    name: 'nothing is taken back for a lost dispute',
    theme: 'disputes',
    file: 'workflows/orders/recovery.ts',
    from: 'return [...begun, ...fresh];',
    to: 'return begun;',
  },
  {
    name: 'of a dispute that is lost in part, the share of all is taken back',
    theme: 'disputes',
    file: 'domain/orders/recovery.ts',
    from: 'proportion(one.amount, amountLost(dispute), charge.amount)',
    to: 'proportion(one.amount, (dispute as Dispute).amount, charge.amount)',
  },
  {
    name: 'what Stripe gives back of its fee is not counted',
    theme: 'closed',
    file: 'domain/orders/funds.ts',
    from: '...order.refunds.map(({ stripeFee }) => stripeFee?.[first.currency] ?? 0),',
    to: '',
  },
  {
    name: 'an approval is used up while something else is stuck',
    theme: 'approvals',
    file: 'domain/orders/refusals.ts',
    from: 'return refusalOfResolve(order, command) ?? refusalOfApproving(order, command);',
    to: 'return refusalOfResolve(order, command);',
  },
  {
    name: 'nobody is asked about a refund that failed',
    theme: 'closed',
    file: 'domain/orders/refund-notices.ts',
    from: "refunds.filter(({ status }) => status === 'failed')",
    to: 'refunds.filter(() => false)',
  },
  {
    name: 'a closed order is not taken up again',
    theme: 'closed',
    file: 'stripe-events/signal-workflow.ts',
    from: "return name === 'FAILED' ? 'refused' : 'closed';",
    to: "return name === 'FAILED' ? 'refused' : 'ended';",
  },
  {
    name: 'an order that Temporal has forgotten is not read from Stripe',
    theme: 'closed',
    file: 'stripe-events/reopen.ts',
    from: 'await start(deps, order, null, event);',
    to: '',
  },
  {
    name: 'what was published of an order is forgotten while it is read again',
    theme: 'closed',
    file: 'domain/outgoing-events/order-news.ts',
    from: 'return before.status !== UNBORN_ORDER.status && paymentIntentOf(order) === null;',
    to: 'return false;',
  },
  {
    name: 'nobody is asked about a payout that comes back when nothing follows it any more',
    theme: 'closed',
    file: 'stripe-events/deliver.ts',
    from: "return isUnseen ? park(to, event) : 'ignored';",
    to: "return 'ignored';",
  },
  {
    name: 'orders are not told what their account can take',
    theme: 'restrictions',
    file: 'workflows/accounts/account-timers.ts',
    from: "!isStuck(await ask('signal open orders', ({ signalOrders }) => signalOrders(notice)));",
    to: 'true;',
  },
  {
    name: 'what somebody reverses of a transfer without an order is not read',
    theme: 'transfers',
    file: 'stripe-events/deliver.ts',
    from: ": park(to, event);\n    case 'order':",
    to: ": 'known';\n    case 'order':",
  },
];
