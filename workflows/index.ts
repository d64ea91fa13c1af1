export { account } from './account.ts';
export { heal } from './heal.ts';
export { order } from './order.ts';
export { payout } from './payout.ts';
export { reconcile } from './reconcile.ts';
export { reconciliation } from './reconciliation.ts';
export { specialCaseTransfer } from './special-case-transfer.ts';
export { stripeEvent } from './stripe-event.ts';
