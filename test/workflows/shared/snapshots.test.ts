import { describe, expect, it } from 'vitest';
import { listsOf } from '../../../domain/stripe-events/event-lists.ts';
import { ORDER_EVENT_TYPES } from '../../../domain/stripe-events/stripe-events.ts';
import type { Steps } from '../../../workflows/shared/snapshots.ts';
import { carry, upgrade } from '../../../workflows/shared/snapshots.ts';

const FROM_1 = (older: { cents: number }) => ({ amount: older.cents });
const FROM_2 = (older: { amount: number }) => ({ ...older, currency: 'usd' });
const STEPS: Steps = [FROM_1, FROM_2];

describe('what a run carries over', () => {
  it('comes back as it was left, in the current version', () => {
    const left = carry('order', { amount: 1 });
    expect(upgrade('order', left)).toEqual(left);
  });

  it('is upgraded from any older version, one step after the other', () => {
    const today = { version: 3, amount: 5, currency: 'usd' };
    expect(upgrade('order', { version: 1, cents: 5 }, STEPS)).toEqual(today);
    expect(upgrade('order', { version: 2, amount: 5 }, STEPS)).toEqual(today);
    expect(upgrade('order', { ...today, currency: 'eur' }, STEPS)).toEqual({ ...today, currency: 'eur' });
  });

  it.each([4, 0, 1.5, Number.NaN])(
    'is refused in a version that this worker does not know: %s',
    (version) => {
      expect(() => upgrade('payout', { version }, STEPS)).toThrow(
        `The snapshot "payout" has version ${version}; this worker knows 1 to 3.`,
      );
    },
  );

  it('is refused without a version', () => {
    expect(() => upgrade('account', {} as { version: number })).toThrow('has version undefined');
  });

  it('of the one list of events that there was is the cursor of the first list, up to what it remembers', () => {
    const seen = [
      { id: 'evt_2', created: 30 },
      { id: 'evt_3', created: 60 },
    ];
    const [types] = listsOf(ORDER_EVENT_TYPES);
    expect(upgrade('sync', { version: 1, after: 'evt_1', seen })).toEqual({
      version: 2,
      lists: [{ types, cursor: { after: 'evt_1', seen }, readAt: 60, next: null }],
    });
  });
});
