import { ScriptedSeller } from '../../support/scripted-seller.ts';
import { SUBSCRIBERS } from '../../support/scripted-subscribers.ts';
import { DAY_BOOK_FLOWS } from './day-books.ts';
import { EVENT_FLOWS, STRIPE_EVENTS } from './events.ts';
import type { Flows } from './flow.ts';
import { ORDER_FLOWS } from './orders.ts';
import { BOOKS, RECONCILIATION_FLOWS } from './reconciliation.ts';
import { SELLER_FLOWS } from './sellers.ts';
import { TRANSFER_FLOWS } from './transfers.ts';

/** Each kind of workflow, each way that it can go. */
export const FLOWS: Flows = {
  ...ORDER_FLOWS,
  ...TRANSFER_FLOWS,
  ...SELLER_FLOWS,
  ...EVENT_FLOWS,
  ...RECONCILIATION_FLOWS,
  ...DAY_BOOK_FLOWS,
};

/** What the flows need of the outside world besides a scripted Stripe of orders. */
export const scriptedWorld = () => ({
  ...SUBSCRIBERS,
  ...STRIPE_EVENTS,
  ...BOOKS,
  ...new ScriptedSeller().activities,
});
