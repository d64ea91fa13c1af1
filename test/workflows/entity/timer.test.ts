import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Timer } from '../../../workflows/entity/timer.ts';
import { TimerQueue } from '../../../workflows/entity/timer.ts';

const NOW = 1_000_000;
const MINUTE_MS = 60_000;

const timer = (summary: string, at: number): Timer => ({ at, summary, fire: () => {} });

describe('the next timer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is the one that is due first, and of two the one named first', () => {
    const [late, soon, too] = [timer('late', NOW + 2), timer('soon', NOW + 1), timer('too', NOW + 1)];
    expect(new TimerQueue().next([late, soon, too])).toMatchObject({ summary: 'soon', at: NOW + 1 });
    expect(new TimerQueue().next([])).toBeNull();
  });

  it('is another one while that which has fired is due as it was, for a minute', async () => {
    const due = new TimerQueue();
    const timers = [timer('stays', NOW - 1), timer('later', NOW + 1_000)];
    const next = () => due.next(timers);
    await next()?.fire();
    expect(next()).toMatchObject({ summary: 'later', at: NOW + 1_000 });
    vi.setSystemTime(NOW + 1_000);
    await next()?.fire();
    expect(next()).toMatchObject({ summary: 'stays', at: NOW + MINUTE_MS });
    vi.setSystemTime(NOW + MINUTE_MS);
    await next()?.fire();
    expect(next()).toMatchObject({ summary: 'later', at: NOW + 1_000 + MINUTE_MS });
  });

  it('is the same one again at once where firing has moved it', async () => {
    const due = new TimerQueue();
    await due.next([timer('read', NOW - 2)])?.fire();
    expect(due.next([timer('read', NOW - 1)])).toMatchObject({ at: NOW - 1 });
  });
});
