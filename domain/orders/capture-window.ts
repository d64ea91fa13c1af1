import type { Order } from './order.ts';
import type { PaymentState } from './payment.ts';

/** When something is done about the window's end, in milliseconds. */
export interface CaptureWindowPolicy {
  /** So long before it people are warned. */
  readonly captureWarningMs: number;
  /** So long before it a new authorization is asked for; never before half of the window is over. */
  readonly reauthorizeBeforeMs: number;
  /** How long after the order's creation it is renewed, so that a forgotten order does not hold money indefinitely. */
  readonly reauthorizeForMs: number;
}

type Authorized = Extract<PaymentState, { status: 'authorized' }>;

/** Milliseconds that every payment method holds money at least (docs.stripe.com/payments/place-a-hold-on-a-payment-method). */
const HELD_AT_LEAST_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * The end that people are warned of. Stripe names it of cards alone; wallets and the like hold money for a week, some of them longer. In
 * milliseconds since the epoch.
 */
export function endToWarnOf({ createdAt }: Pick<Order, 'createdAt'>, payment: Authorized): number {
  const { authorizedAt, captureBefore } = payment;
  return captureBefore ?? Math.max(authorizedAt ?? createdAt, createdAt) + HELD_AT_LEAST_MS;
}

/** When to warn; null: nothing to warn of, or done. */
export function warningDueAt(order: Order, policy: CaptureWindowPolicy): number | null {
  const { payment, captureWindow } = order;
  if (payment.status !== 'authorized') return null;
  const end = endToWarnOf(order, payment);
  if (captureWindow.warnedOf === end || reauthorizationDueAt(order, policy) !== null) return null;
  return end - policy.captureWarningMs;
}

/** When to ask for a new authorization; null: never, or a person has to decide: the last try failed, or it was renewed for long enough. */
export function reauthorizationDueAt(
  order: Order,
  { reauthorizeBeforeMs, reauthorizeForMs }: CaptureWindowPolicy,
): number | null {
  const { payment, captureWindow } = order;
  if (payment.status !== 'authorized' || payment.captureBefore === null) return null;
  if (!renewsItself(order, payment) || captureWindow.failure !== null) return null;
  const { authorizedAt, captureBefore } = payment;
  // Of a window shorter than that, renewing it at once and again would never end.
  const half = authorizedAt === null ? captureBefore : (authorizedAt + captureBefore) / 2;
  const due = Math.max(captureBefore - reauthorizeBeforeMs, half);
  return due < order.createdAt + reauthorizeForMs ? due : null;
}

/** What was captured in part has become a charge of its own: a new authorization would make a second one. */
export function renewsItself({ terms }: Order, { amountCaptured }: Authorized): boolean {
  return terms.onCaptureExpiry === 'reauthorize' && amountCaptured === 0;
}
