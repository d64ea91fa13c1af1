import { describe, expect, it } from 'vitest';
import { waitPreference } from '../../../api/http/headers.ts';
import { envelopeOf } from '../../../api/http/idempotency.ts';
import { commandDigest, requestHash } from '../../../api/http/request-identity.ts';

describe('the identity of a request', () => {
  it('is the same however its JSON was ordered', () => {
    const one = requestHash('capture', { amount: 1, metadata: { a: '1', b: '2' } });
    expect(requestHash('capture', { metadata: { b: '2', a: '1' }, amount: 1 })).toBe(one);
  });

  it.each<[string, string, unknown]>([
    ['another operation', 'cancel', { amount: 1 }],
    ['another value', 'capture', { amount: 2 }],
    ['another type', 'capture', { amount: '1' }],
    ['a field more', 'capture', { amount: 1, reason: 'x' }],
    ['a list', 'capture', [['amount', 1]]],
  ])('differs for %s', (_what, operation, body) => {
    expect(requestHash(operation, body)).not.toBe(requestHash('capture', { amount: 1 }));
  });

  it('keeps callers and orders apart, whatever is in their names', () => {
    const digests = [
      commandDigest(['a'], 'k'),
      commandDigest(['b'], 'k'),
      commandDigest(['a', 'k'], ''),
      commandDigest(['a', 'o'], 'k'),
      commandDigest(['ao'], 'k'),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe('Prefer', () => {
  it.each<[string | undefined, number, boolean]>([
    [undefined, 10, false],
    ['wait=0', 0, true],
    ['wait=25', 25, true],
    ['respond-async, wait=3', 3, true],
    ['WAIT="7"', 7, true],
    ['wait=600', 60, true],
    ['wait=abc', 10, false],
    ['wait=-1', 10, false],
    ['handling=lenient', 10, false],
  ])('%s waits %i s', (header, seconds, asked) => {
    expect(waitPreference(header)).toEqual({ seconds, asked });
  });
});

describe('a repeat across a release', () => {
  const request = {
    requestId: 'req_1',
    actor: 'shop',
    params: {},
    query: {},
    headers: { 'Idempotency-Key': 'k1' },
    rawBody: Buffer.alloc(0),
  };
  const hashOf = (given: object, body: object) => {
    const decoded = { ...request, given, body };
    return envelopeOf(decoded, 'refund', 'digest').requestHash;
  };

  it('is the same request though the new version fills in a default that the old one did not know', () => {
    const sent = { amount: 400 };
    expect(hashOf(sent, { ...sent, reason: null, new_field: false })).toBe(
      hashOf(sent, { ...sent, reason: null }),
    );
  });

  it('is another request if the caller sent something else, even if it comes to the same', () => {
    expect(hashOf({}, { reason: null })).not.toBe(hashOf({ reason: null }, { reason: null }));
  });
});
