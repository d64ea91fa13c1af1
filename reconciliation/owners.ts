import type { Client } from '@temporalio/client';
import type Stripe from 'stripe';
import { transferStateQuery } from '../contract/transfers.ts';
import { transferWorkflowId } from '../domain/ids.ts';
import type { OrderRead, Owner } from '../domain/reconciliation/balance-transactions.ts';
import { EXPLAINED_METADATA } from '../domain/reconciliation/balance-transactions.ts';
import { nullIfRefused } from '../stripe/errors.ts';
import { findOrderOfPayment } from '../stripe-events/find-order.ts';
import { readOrder } from './orders.ts';
import { stateOf } from './workflow-state.ts';

type Metadata = Readonly<Record<string, string>>;
type Charge = Pick<Stripe.Charge, 'id' | 'metadata' | 'payment_intent'>;

/** What a transaction's source says of whose it is: its own metadata, or the charge that it belongs to. */
interface Trail {
  /** What an order would know it by. */
  readonly subject: string;
  readonly metadata: Metadata | null;
  readonly charge: string | null;
  /** A part of the charge's split: its transfer or application fee. */
  readonly isShare?: true;
}

/**
 * Finds out whose transactions are. For one page of them: what was read of charges and orders is used again within it,
 * since a payment's transactions stand next to each other.
 */
export class Owners {
  readonly #stripe: Stripe;
  readonly #temporal: Client;
  readonly #charges = new Map<string, Charge | null>();
  readonly #payments = new Map<string, Promise<Metadata>>();
  readonly #orders = new Map<string, Promise<OrderRead>>();

  constructor(stripe: Stripe, temporal: Client, page: readonly Stripe.BalanceTransaction[]) {
    this.#stripe = stripe;
    this.#temporal = temporal;
    for (const { source } of page) {
      if (typeof source !== 'string' && source?.object === 'charge') this.#charges.set(source.id, source);
    }
  }

  async of({ source }: Stripe.BalanceTransaction): Promise<Owner> {
    if (typeof source === 'string') return { kind: 'unexpanded' };
    const trail = source ? await this.#trailOf(source) : null;
    if (!trail) return { kind: 'platform' };
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

  /** Null: the source is neither of a charge nor of a transfer. */
  async #trailOf(source: Stripe.BalanceTransactionSource): Promise<Trail | null> {
    switch (source.object) {
      case 'charge':
        return { subject: source.id, metadata: source.metadata, charge: source.id };
      case 'refund':
        return { subject: source.id, metadata: source.metadata, charge: idOf(source.charge) };
      case 'dispute': {
        const charge = idOf(source.charge);
        return charge === null ? null : { subject: source.id, metadata: null, charge };
      }
      case 'transfer': {
        const charge = idOf(source.source_transaction);
        return { subject: source.id, metadata: source.metadata, charge, isShare: true };
      }
      case 'transfer_reversal':
        return this.#trailOf(await objectOf(source.transfer, (id) => this.#stripe.transfers.retrieve(id)));
      case 'application_fee': {
        const charge = idOf(source.originating_transaction) ?? idOf(source.charge);
        return { subject: source.id, metadata: null, charge, isShare: true };
      }
      case 'fee_refund':
        return this.#trailOf(await objectOf(source.fee, (id) => this.#stripe.applicationFees.retrieve(id)));
      default:
        return null;
    }
  }

  async #orderOf(chargeId: string): Promise<string | null> {
    const charge = await this.#charge(chargeId);
    if (charge === null) return null;
    const named = charge.metadata.waybill_order;
    if (named !== undefined) return named;
    const paymentIntent = idOf(charge.payment_intent);
    if (paymentIntent === null) return null;
    // A payment taken over later: its order's search attribute names it, and once Temporal has forgotten that, the payment itself.
    const found = await findOrderOfPayment(this.#temporal, paymentIntent);
    return found ?? (await this.#payment(paymentIntent)).waybill_order ?? null;
  }

  /** By its own object, or by the payment that it belongs to: the Dashboard shows either. */
  async #isExplained({ metadata, charge: chargeId }: Trail): Promise<boolean> {
    if (metadata?.[EXPLAINED_METADATA] !== undefined) return true;
    if (chargeId === null) return false;
    const charge = await this.#charge(chargeId);
    if (charge === null) return false;
    if (charge.metadata[EXPLAINED_METADATA] !== undefined) return true;
    const paymentIntent = idOf(charge.payment_intent);
    return paymentIntent !== null && (await this.#payment(paymentIntent))[EXPLAINED_METADATA] !== undefined;
  }

  /** A PaymentIntent's metadata. */
  #payment(id: string): Promise<Metadata> {
    const read =
      this.#payments.get(id) ?? this.#stripe.paymentIntents.retrieve(id).then(({ metadata }) => metadata);
    this.#payments.set(id, read);
    return read;
  }

  /** Null: it is not the platform's own, as with the fee of a direct charge. */
  async #charge(id: string): Promise<Charge | null> {
    const known = this.#charges.get(id);
    const charge = known === undefined ? await nullIfRefused(() => this.#stripe.charges.retrieve(id)) : known;
    this.#charges.set(id, charge);
    return charge;
  }

  /** Whether `POST /v1/transfers` made it under that id, and not something else too. One that Temporal has forgotten is trusted. */
  async #isMadeBy(transferId: string, stripeId: string): Promise<boolean> {
    const made = await stateOf(this.#temporal, transferWorkflowId(transferId), transferStateQuery);
    return made === 'gone' || (made !== 'unreadable' && made.transfer?.id === stripeId);
  }

  #order(orderId: string): Promise<OrderRead> {
    const read = this.#orders.get(orderId) ?? readOrder(this.#temporal, orderId);
    this.#orders.set(orderId, read);
    return read;
  }
}

async function objectOf<T>(field: string | T, retrieve: (id: string) => Promise<T>): Promise<T> {
  return typeof field === 'string' ? retrieve(field) : field;
}

function idOf(field: string | { id: string } | null | undefined): string | null {
  return typeof field === 'string' ? field : (field?.id ?? null);
}
