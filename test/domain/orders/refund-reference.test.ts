import { describe, expect, it } from 'vitest';
import { isReferenceNews, laterReference, referenceText } from '../../../domain/orders/refund-reference.ts';

const PENDING = { status: 'pending', type: 'acquirer_reference_number' };
const GIVEN = { ...PENDING, status: 'available', value: '2422' };
const NONE = { ...PENDING, status: 'unavailable' };

describe('the number by which a bank finds a refund', () => {
  it.each([
    ['is news once Stripe shows that there will be one', undefined, PENDING, true],
    ['is news once it is there', 'pending', GIVEN, true],
    ['is news if there will be none', 'pending', NONE, true],
    ['is no news twice', '2422', GIVEN, false],
    ['is not taken away by an older answer', '2422', PENDING, false],
    ['is not taken away by an answer without it', '2422', undefined, false],
  ])('%s', (_, known, observed, isNews) => {
    expect(isReferenceNews(known, observed)).toBe(isNews);
  });

  it('stays the latest', () => {
    expect(laterReference(undefined, PENDING)).toBe(PENDING);
    expect(laterReference(PENDING, GIVEN)).toBe(GIVEN);
    expect(laterReference(GIVEN, PENDING)).toBe(GIVEN);
    expect(laterReference(GIVEN, undefined)).toBe(GIVEN);
  });

  it('is shown with what number it is, where Stripe says so', () => {
    expect(referenceText(GIVEN)).toBe('acquirer_reference_number 2422');
    expect(referenceText({ status: 'available', value: '2422' })).toBe('2422');
    expect(referenceText(NONE)).toBeNull();
  });
});
