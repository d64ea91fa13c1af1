import type { Client } from '@temporalio/client';
import type Stripe from 'stripe';
import { transferStateQuery } from '../contract/transfers.ts';
import { transferWorkflowId } from '../domain/ids.ts';
import type { OrderRead, Owner } from '../domain/reconciliation/balance-transactions.ts';
import { EXPLAINED_METADATA } from '../domain/reconciliation/balance-transactions.ts';
import type { ActingAs } from '../stripe/acting-as.ts';
import { isOfPayments } from '../stripe/own-money.ts';
import { idOf } from '../stripe/payment-facts.ts';
import type { Trail } from '../stripe/trails.ts';
import { Trails } from '../stripe/trails.ts';
import { findOrderOfPayment } from '../stripe-events/find-order.ts';
import { readOrderState } from './orders.ts';
import { workflowState } from './workflow-state.ts';

/**
 * Finds out whose transactions are. For one page of them: what was read of charges and orders is used again within it,
 * since a payment's transactions stand next to each other.
 */
export class Owners {
  readonly #temporal: Client;
  readonly #trails: Trails;
  readonly #orders = new Map<string, Promise<OrderRead>>();

  /** `as`: whose balance it is. */
  constructor(stripe: Stripe, temporal: Client, as: ActingAs, page: readonly Stripe.BalanceTransaction[]) {
    this.#trails = new Trails(stripe, as, page);
    this.#temporal = temporal;
  }

  async of(entry: Stripe.BalanceTransaction): Promise<Owner> {
    const { source } = entry;
    if (typeof source === 'string') return { kind: 'unexpanded' };
    const trail = source ? await this.#trails.of(source) : null;
    if (!trail) return { kind: isOfPayments(entry) ? 'platform' : 'other_balance' };
    const { subject, charge } = trail;
    const named = trail.metadata?.waybill_order ?? null;
    if (charge === null && named !== null && (await this.#isMadeBy(named, subject)))
      return { kind: 'transfer' };
    const orderId = named ?? (charge && (await this.#orderOf(charge)));
    if (charge === null || orderId === null) {
      return (await this.#isExplained(trail)) ? { kind: 'looked_at' } : { kind: 'foreign', subject };
    }
    const order = await this.#order(orderId);
    // Of several captures the charge names only the last one's transfer and fee. Nothing else makes any of them.
    const mayBePart = typeof order !== 'string' && order.terms.requestMulticapture;
    const isPart = mayBePart && trail.isShare && trail.metadata?.waybill_operation === undefined;
    const isMarked = trail.metadata?.[EXPLAINED_METADATA] !== undefined;
    return { kind: 'order', orderId, subject: isPart ? charge : subject, isMarked, order };
  }

  async #orderOf(chargeId: string): Promise<string | null> {
    const charge = await this.#trails.charge(chargeId);
    if (charge === null) return null;
    const named = charge.metadata.waybill_order;
    if (named !== undefined) return named;
    const paymentIntent = idOf(charge.payment_intent);
    if (paymentIntent === null) return null;
    // A payment taken over later: its order's search attribute names it, and once Temporal has forgotten that, the payment itself.
    const found = await findOrderOfPayment(this.#temporal, paymentIntent);
    return found ?? (await this.#trails.payment(paymentIntent)).waybill_order ?? null;
  }

  /** By its own object, or by the payment that it belongs to: the Dashboard shows either. */
  async #isExplained({ metadata, charge: chargeId }: Trail): Promise<boolean> {
    if (metadata?.[EXPLAINED_METADATA] !== undefined) return true;
    if (chargeId === null) return false;
    const charge = await this.#trails.charge(chargeId);
    if (charge === null) return false;
    if (charge.metadata[EXPLAINED_METADATA] !== undefined) return true;
    const paymentIntent = idOf(charge.payment_intent);
    return (
      paymentIntent !== null && (await this.#trails.payment(paymentIntent))[EXPLAINED_METADATA] !== undefined
    );
  }

  /** Whether `POST /v1/transfers` made it under that id, and not something else too. One that Temporal has forgotten is trusted. */
  async #isMadeBy(transferId: string, stripeId: string): Promise<boolean> {
    const made = await workflowState(this.#temporal, transferWorkflowId(transferId), transferStateQuery);
    return made === 'gone' || (made !== 'unreadable' && made.transfer?.id === stripeId);
  }

  #order(orderId: string): Promise<OrderRead> {
    const read = this.#orders.get(orderId) ?? readOrderState(this.#temporal, orderId);
    this.#orders.set(orderId, read);
    return read;
  }
}
