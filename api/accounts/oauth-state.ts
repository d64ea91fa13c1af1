import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { sign, verify } from '../http/signed-text.ts';

/** What goes with an account's owner to Stripe and comes back: who asked, for which account, and until when it counts. */
export interface OAuthState {
  /** Name of the API key that asked: the actor of what follows. */
  readonly caller: string;
  readonly reference: string;
  /** Where the owner's browser goes afterwards; null: it gets JSON. */
  readonly returnUrl: string | null;
  readonly nonce: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Long enough to log in to Stripe, or to sign up there. */
const STATE_VALID_MS = 60 * 60_000;

const payload = z.strictObject({
  caller: z.string(),
  reference: z.string(),
  returnUrl: z.string().nullable(),
  nonce: z.string(),
  expiresAt: z.number(),
});

export function newOAuthState(
  about: Pick<OAuthState, 'caller' | 'reference' | 'returnUrl'>,
  now: number,
): OAuthState {
  return { ...about, nonce: randomBytes(16).toString('hex'), expiresAt: now + STATE_VALID_MS };
}

/** The state as text: readable by anybody, made by nobody else. */
export function signState(state: OAuthState, secret: string): string {
  return sign('oauth-state', state, secret);
}

/** The state behind a text that Waybill signed, however old; null: it did not. */
export function verifyState(signed: string, secret: string): OAuthState | null {
  const state = verify('oauth-state', signed, secret);
  return state === undefined ? null : payload.parse(state);
}
