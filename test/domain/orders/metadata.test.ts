import { describe, expect, it } from 'vitest';
import {
  exceedsMetadata,
  hasMetadata,
  isSameMetadata,
  mergeMetadata,
  metadataDigests,
  withoutOwn,
} from '../../../domain/orders/metadata.ts';

const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, 'x']));

it('metadata is merged: what is not named stays, and an empty value removes its key', () => {
  expect(mergeMetadata({ a: '1', b: '2', c: '3' }, { b: 'two', c: '', d: '' })).toEqual({ a: '1', b: 'two' });
});

it.each([
  [{ a: '1' }, { a: '1' }, true],
  [{ a: '1', b: '2' }, { a: '1', c: '' }, true],
  [{ a: '1' }, { a: '2' }, false],
  [{ a: '1' }, { a: '' }, false],
  [{}, { a: '1' }, false],
])('of %j the change %j has been made: %s', (metadata, changes, expected) => {
  expect(hasMetadata(metadata, changes)).toBe(expected);
});

it('Waybill’s own pairs are no part of a caller’s metadata', () => {
  expect(withoutOwn({ waybill_order: 'o', waybill_operation: 'x', cart: '4711' })).toEqual({ cart: '4711' });
});

it('the order of pairs means nothing', () => {
  expect(isSameMetadata({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(true);
  expect(isSameMetadata({ a: '1' }, { a: '2' })).toBe(false);
});

describe('Stripe takes 50 keys, and three are Waybill’s, or four if several captures leave their marks', () => {
  it.each([
    [47, false, numbered(47), false],
    [47, false, { more: 'x' }, true],
    [47, false, { key0: '', more: 'x' }, false],
    [49, false, { key0: 'y' }, false],
    [49, false, { key0: '' }, false],
    [46, true, { key0: 'y' }, false],
    [46, true, { more: 'x' }, true],
  ])(
    '%d keys, several captures %s, changed by %j: too many is %s',
    (count, requestMulticapture, changes, expected) => {
      expect(exceedsMetadata({ metadata: numbered(count), requestMulticapture }, changes)).toBe(expected);
    },
  );
});

describe('the digest of a pair', () => {
  it('is of the whole pair, and the same in every order', () => {
    expect(metadataDigests({ a: 'b=c' }, '')).not.toEqual(metadataDigests({ 'a=b': 'c' }, ''));
    expect(metadataDigests({ a: '1', b: '2' }, 'k')).toEqual(metadataDigests({ b: '2', a: '1' }, 'k'));
    expect(metadataDigests({ a: '1' }, 'k')).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
  });

  it('is another one under another key', () => {
    expect(metadataDigests({ a: '1' }, 'one')).not.toEqual(metadataDigests({ a: '1' }, 'two'));
  });

  it('is HMAC-SHA-256, cut to 64 bits', () => {
    // printf '["cart","4711"]' | openssl dgst -sha256 -hmac secret
    expect(metadataDigests({ cart: '4711' }, 'secret')).toEqual(['27706bba87bb2111']);
  });
});
