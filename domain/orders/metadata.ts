import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { REQUEST_HASH } from '../commands/operation-stamp.ts';
import { METADATA_KEYS_MAX, RESERVED_METADATA_PREFIX, stripeMetadata } from '../ids.ts';
import type { OrderTerms } from './order.ts';

type Metadata = Readonly<Record<string, string>>;

/** What Waybill adds to the metadata of an order's PaymentIntent. */
export const OWN_ORDER_METADATA = { ...stripeMetadata('', ''), [REQUEST_HASH]: '' };

/** Marks the captures of a payment that may have several: Stripe's do not say who asked for them. */
export const CAPTURE_MARKS = 'waybill_captures';

/** Keys that a caller may give an order. */
export function orderMetadataMax({ requestMulticapture }: Pick<OrderTerms, 'requestMulticapture'>): number {
  const own = Object.keys(OWN_ORDER_METADATA).length + (requestMulticapture ? 1 : 0);
  return METADATA_KEYS_MAX - own;
}

/** The metadata after a change, as Stripe merges it: what is not named stays, and an empty value removes its key. */
export function mergeMetadata(before: Metadata, changes: Metadata): Metadata {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== ''));
}

/** Whether a change has been made. */
export function hasMetadata(metadata: Metadata, changes: Metadata): boolean {
  return Object.entries(changes).every(([key, value]) => (metadata[key] ?? '') === value);
}

/** Whether a change would leave more keys than Stripe takes. One that adds none is never refused. */
export function exceedsMetadata(
  terms: Pick<OrderTerms, 'metadata' | 'requestMulticapture'>,
  changes: Metadata,
): boolean {
  const { metadata: before } = terms;
  const count = Object.keys(mergeMetadata(before, changes)).length;
  return count > orderMetadataMax(terms) && count > Object.keys(before).length;
}

/** The caller's part of what Stripe keeps. */
export function withoutOwn(metadata: Metadata): Metadata {
  const pairs = Object.entries(metadata).filter(([key]) => !key.startsWith(RESERVED_METADATA_PREFIX));
  return Object.fromEntries(pairs);
}

/** In whatever order Stripe gives them. */
export function isSameMetadata(one: Metadata, other: Metadata): boolean {
  const [first, second] = [one, other].map((pairs) => JSON.stringify(Object.entries(pairs).sort()));
  return first === second;
}

/** 64 bits: that two of a million different pairs share a digest has a chance of one in thirty million. */
const DIGEST_BYTES = 8;

/** What an order is found by: a digest of each pair. `key`: without it nobody can guess a pair and recognize it; empty: anybody can. */
export function metadataDigests(metadata: Metadata, key: string): string[] {
  const pairs = Object.entries(metadata).map((pair) => JSON.stringify(pair));
  return pairs.map((pair) => digestOf(pair, key)).sort();
}

function digestOf(text: string, key: string): string {
  return bytesToHex(hmac(sha256, utf8ToBytes(key), utf8ToBytes(text)).slice(0, DIGEST_BYTES));
}
