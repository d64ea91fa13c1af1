import { describe, expect, it } from 'vitest';
import { RateLimiter } from '../../stripe/rate-limiter.ts';

/** A Stripe that takes so many calls within a second. */
function stripeTaking(perSecond: number) {
  let taken: number[] = [];
  return (now: number): boolean => {
    taken = taken.filter((at) => at > now - 1_000);
    if (taken.length >= perSecond) return false;
    taken.push(now);
    return true;
  };
}

/** Always more to do than Stripe takes, for so many seconds: how many calls went out, and how many were taken. */
function busyFor(seconds: number, perSecond: number, cap = Number.POSITIVE_INFINITY) {
  const limiter = new RateLimiter();
  limiter.cap(cap);
  const stripe = stripeTaking(perSecond);
  let [sent, taken] = [0, 0];
  for (let now = 0; now < seconds * 1_000; now += 10) {
    if (limiter.waitMs(now) > 0) continue;
    sent += 1;
    limiter.sent(now);
    if (stripe(now)) {
      taken += 1;
      limiter.taken(now);
    } else limiter.refused(now, 0);
  }
  return { sent, taken };
}

describe('calls to Stripe', () => {
  it('are not held back as long as Stripe takes them', () => {
    const { sent } = busyFor(2, Number.POSITIVE_INFINITY);
    expect(sent).toBe(200);
  });

  it.each([10, 25, 50])(
    'come to what Stripe takes, where it takes %i a second, and few more',
    (perSecond) => {
      const { sent, taken } = busyFor(60, perSecond);
      expect(taken).toBeGreaterThan(60 * perSecond * 0.6);
      expect(sent).toBeLessThan(taken * 1.2);
    },
  );

  it.each([0.5, 1, 6.25, 12.5, 80])('never exceed a share of %f a second, and come close to it', (share) => {
    const { sent, taken } = busyFor(60, Math.max(1, Math.floor(share)), share);
    expect(taken).toBe(sent);
    expect(sent).toBeLessThanOrEqual(60 * share);
    expect(sent).toBeGreaterThan(60 * share * 0.85);
  });

  it.each([0, 5, 8, 20, 60])(
    'are back at what Stripe takes within half a minute, after refusals that met a process which sent %i a second',
    (before) => {
      const limiter = new RateLimiter();
      for (let call = 0; call < before; call += 1) limiter.taken(call);
      for (let refused = 0; refused < 15; refused += 1) limiter.refused(before, 0);
      const sent: number[] = [];
      for (let now = before; now <= 33_000; now += 10) {
        if (limiter.waitMs(now) > 0) continue;
        sent.push(now);
        limiter.sent(now);
        limiter.taken(now);
      }
      // The sandbox and Stripe's live mode take 100 a second.
      expect(sent.filter((at) => at > 30_000).length).toBeGreaterThan(3 * 80);
    },
  );

  it('wait as long as Stripe asks', () => {
    const limiter = new RateLimiter();
    limiter.refused(0, 5_000);
    expect(limiter.waitMs(1)).toBe(4_999);
    expect(limiter.waitMs(5_000)).toBe(0);
  });
});
