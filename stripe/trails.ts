import type Stripe from 'stripe';
import type { ActingAs } from './acting-as.ts';
import { asPlatform } from './acting-as.ts';
import { nullIfRefused } from './errors.ts';
import { idOf } from './payment-facts.ts';

type Metadata = Readonly<Record<string, string>>;
type Charge = Pick<Stripe.Charge, 'id' | 'metadata' | 'payment_intent'>;

/** What a transaction's source says of whose it is: its own metadata, or the charge that it belongs to. */
export interface Trail {
  /** What an order would know it by. */
  readonly subject: string;
  readonly metadata: Metadata | null;
  readonly charge: string | null;
  /** A part of the charge's split: its transfer or application fee. */
  readonly isShare?: true;
}

/**
 * Finds what is behind the lines of a balance. For one page of them: what was read of charges is used again within it, since a
 * payment's transactions stand next to each other. Expects `data.source` expanded.
 */
export class Trails {
  readonly #stripe: Stripe;
  readonly #isOfPlatform: boolean;
  readonly #charges = new Map<string, Charge | null>();
  readonly #payments = new Map<string, Promise<Metadata>>();

  /** `as`: whose balance it is. */
  constructor(stripe: Stripe, as: ActingAs, page: readonly Stripe.BalanceTransaction[]) {
    this.#stripe = stripe;
    this.#isOfPlatform = as === asPlatform;
    for (const { source } of this.#isOfPlatform ? page : []) {
      if (typeof source !== 'string' && source?.object === 'charge') this.#charges.set(source.id, source);
    }
  }

  /** The order that Stripe's objects name; null: none, or the line is of no order. */
  async orderOf({ source }: Stripe.BalanceTransaction): Promise<string | null> {
    const trail = source === null || typeof source === 'string' ? null : await this.of(source);
    if (!trail || trail.charge === null) return null;
    const named = trail.metadata?.waybill_order;
    if (named !== undefined) return named;
    const charge = await this.charge(trail.charge);
    const ofCharge = charge?.metadata.waybill_order;
    const paymentIntent = idOf(charge?.payment_intent);
    if (ofCharge !== undefined || paymentIntent === null) return ofCharge ?? null;
    return (await this.payment(paymentIntent)).waybill_order ?? null;
  }

  /** Null: the source is neither of a charge nor of a transfer of the platform. */
  of(source: Stripe.BalanceTransactionSource): Promise<Trail | null> {
    return this.#isOfPlatform ? this.#ofPlatform(source) : this.#ofAccount(source);
  }

  /**
   * What the platform's transfers and fees did to a connected account. The rest is the account's own business, or another
   * platform's: its payments cannot be read here, and its metadata names orders of somebody else.
   */
  #ofAccount(source: Stripe.BalanceTransactionSource): Promise<Trail | null> {
    switch (source.object) {
      case 'charge':
        return this.#trailOfTransfer(source.source_transfer);
      case 'refund': {
        const { charge } = source;
        const brought = typeof charge === 'string' ? null : charge?.source_transfer;
        return this.#trailOfTransfer(brought);
      }
      case 'fee_refund':
        return this.#ofPlatform(source);
      default:
        return Promise.resolve(null);
    }
  }

  async #ofPlatform(source: Stripe.BalanceTransactionSource): Promise<Trail | null> {
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
        return this.#trailOfTransfer(source.transfer);
      case 'application_fee': {
        const charge = idOf(source.originating_transaction) ?? idOf(source.charge);
        return { subject: source.id, metadata: null, charge, isShare: true };
      }
      case 'fee_refund': {
        const fee = await objectOf(source.fee, (id) => this.#stripe.applicationFees.retrieve(id));
        return fee && this.#ofPlatform(fee);
      }
      default:
        return null;
    }
  }

  async #trailOfTransfer(field: string | Stripe.Transfer | null | undefined): Promise<Trail | null> {
    if (!field) return null;
    const transfer = await objectOf(field, (id) => this.#stripe.transfers.retrieve(id));
    const charge = transfer?.source_transaction;
    if (charge && typeof charge !== 'string') this.#charges.set(charge.id, charge);
    return transfer && this.#ofPlatform(transfer);
  }

  /** A PaymentIntent's metadata. */
  payment(id: string): Promise<Metadata> {
    const read =
      this.#payments.get(id) ?? this.#stripe.paymentIntents.retrieve(id).then(({ metadata }) => metadata);
    this.#payments.set(id, read);
    return read;
  }

  /** Null: it is not the platform's own, as with the fee of a direct charge. */
  async charge(id: string): Promise<Charge | null> {
    const known = this.#charges.get(id);
    const charge = known === undefined ? await nullIfRefused(() => this.#stripe.charges.retrieve(id)) : known;
    this.#charges.set(id, charge);
    return charge;
  }
}

/** Null: it is another platform's. */
async function objectOf<T>(field: string | T, retrieve: (id: string) => Promise<T>): Promise<T | null> {
  return typeof field === 'string' ? nullIfRefused(() => retrieve(field)) : field;
}
