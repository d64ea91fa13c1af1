import { describe, expect, it } from 'vitest';
import { contentDigest } from '../../../domain/outgoing-events/event-content.ts';

const DATA = { id: 'seller-1', object: 'account', subject: null, sequence: 1, status: 'onboarding' };
const STUCK = { code: 'no_answer', since: '2026-01-01T00:00:00.000Z', stripe_request_id: 'req_1' };

describe('the digest of what an event tells', () => {
  const digest = contentDigest({ type: 'account.needs_attention', data: { ...DATA, ...{ need: STUCK } } });

  it('does not depend on when it was tried, nor on the order of its parts', () => {
    const later = { stripe_request_id: 'req_2', since: '2026-01-01T00:00:09.000Z', code: 'no_answer' };
    const again = { ...{ need: later }, ...DATA };
    expect(contentDigest({ type: 'account.needs_attention', data: again })).toBe(digest);
  });

  it.each([
    ['type', { type: 'account.onboarding' as const, data: { ...DATA, ...{ need: STUCK } } }],
    ['data', { type: 'account.needs_attention' as const, data: { ...DATA, ...{ need: null } } }],
  ])('depends on its %s', (_, event) => {
    expect(contentDigest(event)).not.toBe(digest);
  });
});
