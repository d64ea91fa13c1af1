import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { ProxyIdentity } from '../../config.ts';
import type { Caller } from './context.ts';
import type { KeyRing, KnownKey } from './key-ring.ts';
import { personOf } from './proxy-identity.ts';
import { isSame, sign, verify } from './signed-text.ts';

export const SESSION_COOKIE = 'waybill_session';
/** Sent with everything that is no plain read: another site can make a browser send the cookie, but not this. */
export const CSRF_HEADER = 'X-CSRF-Token';
/** A long shift. */
export const SESSION_VALID_MS = 12 * 60 * 60_000;

/** Somebody who signed in to the console with an API key. */
export interface Session extends Caller {
  readonly csrfToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const payload = z.strictObject({ id: z.string(), key: z.string(), proof: z.string(), expiresAt: z.number() });

/**
 * Sessions that live in their cookie alone, so that every API process knows them. A session ends with its time, and as soon as
 * its key, or that secret of it, is configured no more.
 */
export class Sessions {
  readonly #keys: KeyRing;
  readonly #secret: string;
  readonly #proxy: ProxyIdentity | null;

  constructor(keys: KeyRing, secret: string, proxy: ProxyIdentity | null) {
    this.#proxy = proxy;
    this.#keys = keys;
    this.#secret = secret;
  }

  /** Null: no key has that secret. */
  open(keySecret: string, now: number): { readonly session: Session; readonly cookie: string } | null {
    const key = this.#keys.find(keySecret);
    if (!key) return null;
    const id = randomBytes(16).toString('hex');
    const expiresAt = now + SESSION_VALID_MS;
    const signed = { id, key: key.name, proof: this.#proof(id, key), expiresAt };
    return {
      session: this.#session(key, id, expiresAt),
      cookie: sign('console-session', signed, this.#secret),
    };
  }

  /** The session that a request comes with, by cookie or by the proxy's word; null: none that counts. */
  of(request: Pick<IncomingMessage, 'headers'>, now: number): Session | null {
    return this.#ofCookie(request, now) ?? this.#ofPerson(request, now);
  }

  #ofCookie(request: Pick<IncomingMessage, 'headers'>, now: number): Session | null {
    const cookie = cookieOf(request);
    const signed = cookie === undefined ? undefined : verify('console-session', cookie, this.#secret);
    if (signed === undefined) return null;
    const { id, key: name, proof, expiresAt } = payload.parse(signed);
    const key = this.#keys.named(name).find((known) => isSame(this.#proof(id, known), proof));
    return key && now < expiresAt ? this.#session(key, id, expiresAt) : null;
  }

  #session({ name, role, keyId, scope }: KnownKey, id: string, expiresAt: number): Session {
    return { name, role, keyId, scope, csrfToken: this.#mac('csrf', id), expiresAt };
  }

  /** A person's session is the proxy's: here it begins and ends with each request. */
  #ofPerson(request: Pick<IncomingMessage, 'headers'>, now: number): Session | null {
    const person = this.#proxy && personOf(request, this.#proxy);
    if (!person) return null;
    const csrfToken = this.#mac('csrf', 'person', person.name);
    return { ...person, keyId: null, scope: {}, csrfToken, expiresAt: now + SESSION_VALID_MS };
  }

  /** Shows that the session was opened with this very secret, and nothing of the secret. */
  #proof(id: string, { digest }: KnownKey): string {
    return this.#mac('key', id, digest.toString('hex'));
  }

  #mac(...parts: readonly string[]): string {
    return createHmac('sha256', this.#secret)
      .update(JSON.stringify(['console', ...parts]))
      .digest('base64url');
  }
}

function cookieOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  return new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([\\w.-]+)`).exec(headers.cookie ?? '')?.[1];
}
