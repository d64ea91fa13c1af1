import type { Order } from './order.ts';
import type { PaymentState } from './payment.ts';

/** What was done about the end of the capture window. Times in milliseconds since the epoch. */
export interface CaptureWindow {
  /** The end that people were warned of. */
  readonly warnedOf: number | null;
  /** How often a new authorization was tried. */
  readonly cycle: number;
  /** A PaymentIntent that another one has made needless and that still has to be canceled. */
  readonly superseded: string | null;
  /** Why the last try failed; null once one succeeds. */
  readonly failure: ReauthorizationFailure | null;
}

export interface ReauthorizationFailure {
  readonly code: string;
  readonly message: string;
}

export const UNTOUCHED_WINDOW: CaptureWindow = {
  warnedOf: null,
  cycle: 0,
  superseded: null,
  failure: null,
};

/** How long before the window's end something is done, in milliseconds. */
export interface CaptureWindowPolicy {
  /** People are warned. */
  readonly captureWarningMs: number;
  /** A new authorization is asked for; never before half of the window is over. */
  readonly reauthorizeBeforeMs: number;
}

type Authorized = Extract<PaymentState, { status: 'authorized' }>;

/** When to warn; null: nothing to warn of, or done. */
export function warningDueAt(order: Order, { captureWarningMs }: CaptureWindowPolicy): number | null {
  const { payment, captureWindow } = order;
  if (payment.status !== 'authorized' || payment.captureBefore === null) return null;
  if (captureWindow.warnedOf === payment.captureBefore) return null;
  if (renewsItself(order, payment) && captureWindow.failure === null) return null;
  return payment.captureBefore - captureWarningMs;
}

/** When to ask for a new authorization; null: never, or the last try failed and a person has to decide. */
export function reauthorizationDueAt(
  order: Order,
  { reauthorizeBeforeMs }: CaptureWindowPolicy,
): number | null {
  const { payment, captureWindow } = order;
  if (payment.status !== 'authorized' || payment.captureBefore === null) return null;
  if (!renewsItself(order, payment) || captureWindow.failure !== null) return null;
  const { authorizedAt, captureBefore } = payment;
  // Of a window shorter than that, renewing it at once and again would never end.
  const half = authorizedAt === null ? captureBefore : (authorizedAt + captureBefore) / 2;
  return Math.max(captureBefore - reauthorizeBeforeMs, half);
}

/** What was captured in part has become a charge of its own: a new authorization would make a second one. */
function renewsItself({ terms }: Order, { amountCaptured }: Authorized): boolean {
  return terms.onCaptureExpiry === 'reauthorize' && amountCaptured === 0;
}
