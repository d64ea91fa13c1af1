import { createHash, createHmac, randomBytes } from 'node:crypto';
import { canonicalJson } from '../../domain/commands/canonical-json.ts';

/** A new id of an HTTP request, for `Request-Id`, logs and the timeline. */
export function newRequestId(): string {
  return `req_${randomBytes(12).toString('hex')}`;
}

/**
 * Digest that a command's id is made of. `scope`: what the Idempotency-Key is unique in, the caller's name first.
 * The parts are hashed as JSON, so that no two different lists of parts make the same text.
 */
export function commandDigest(scope: readonly string[], idempotencyKey: string): string {
  return sha256(JSON.stringify([...scope, idempotencyKey]));
}

/** The same digest in fewer characters. */
export function inBase64url(hexDigest: string): string {
  return Buffer.from(hexDigest, 'hex').toString('base64url');
}

/** Base64url characters of a request's hash: 132 bits, since histories keep it several times. */
const HASH_LENGTH = 22;

/** Hash of what was asked for: equal for equal requests, however their JSON was written. */
export function requestHash(operation: string, body: unknown): string {
  const text = canonicalJson([operation, body]);
  return createHash('sha256').update(text).digest('base64url').slice(0, HASH_LENGTH);
}

/** The same hash for whoever has the secret, and for nobody else. */
export function keyedHash(hash: string, secret: string): string {
  return createHmac('sha256', secret)
    .update(`request-hash:${hash}`)
    .digest('base64url')
    .slice(0, HASH_LENGTH);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
