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
