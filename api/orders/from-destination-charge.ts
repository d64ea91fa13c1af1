import type { z } from 'zod';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { createOrderBody } from './create-order-schema.ts';

/** What the deprecated `POST /v1/charges` of Stripe took, as far as a destination charge goes. */
export interface DestinationCharge {
  readonly amount: number;
  readonly currency: string;
  /** A token (`tok_…`); or, with `customer`, one of its cards. */
  readonly source?: string;
  readonly customer?: string;
  /** The account, or `{account, amount}`: `amount` is what it gets. */
  readonly destination: string | { readonly account: string; readonly amount?: number };
  readonly application_fee?: number;
  readonly application_fee_amount?: number;
  /** False: only authorize. */
  readonly capture?: boolean;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly statement_descriptor_suffix?: string;
}

/**
 * The body of `POST /v1/orders` that does what a charge with `destination[account]` did. That parameter made the account the
 * settlement merchant by itself, which `transfer_data[destination]` does not: so `on_behalf_of` is set. Throws for what cannot
 * be carried over, rather than changing what happens.
 */
export function fromDestinationCharge(charge: DestinationCharge): z.input<typeof createOrderBody> {
  const { destination, application_fee, application_fee_amount, capture, ...rest } = charge;
  const { account, amount: transferAmount } =
    typeof destination === 'string' ? { account: destination, amount: undefined } : destination;
  const fee = application_fee_amount ?? application_fee;
  const { amount, currency, description, metadata, statement_descriptor_suffix: suffix } = rest;
  refuseUnknown(charge);
  return {
    amount,
    currency,
    ...payerOf(charge),
    connected_account: account,
    on_behalf_of: true,
    ...(transferAmount === undefined ? {} : { transfer_amount: transferAmount }),
    ...(fee === undefined ? {} : { application_fee_amount: fee }),
    capture_method: capture === false ? 'manual' : 'automatic',
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
    ...(suffix === undefined ? {} : { statement_descriptor_suffix: suffix }),
  };
}

function payerOf({ source, customer }: DestinationCharge) {
  if (source === undefined && customer === undefined) {
    throw refused(
      'source',
      'Must provide source or customer: destination[account] says who is paid, not who pays.',
    );
  }
  if (customer === undefined) return { token: source };
  // A charge could name one of the customer's cards by its own id; a payment method is the same under another.
  if (source !== undefined && !source.startsWith('pm_')) {
    throw refused(
      'source',
      'source must be a payment method (pm_…) of the customer: save the card as one first.',
    );
  }
  return { customer, ...(source === undefined ? {} : { payment_method: source }) };
}

const KNOWN: ReadonlySet<string> = new Set<keyof DestinationCharge>([
  'amount',
  'currency',
  'source',
  'customer',
  'destination',
  'application_fee',
  'application_fee_amount',
  'capture',
  'description',
  'metadata',
  'statement_descriptor_suffix',
]);

function refuseUnknown(charge: object): void {
  const unknown = Object.keys(charge).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw refused(unknown, `${unknown} has no counterpart in an order.`);
}

function refused(param: string, detail: string): ProblemError {
  return new ProblemError(problem('invalid_request', detail, { param }));
}
