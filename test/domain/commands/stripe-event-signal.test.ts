import { describe, expect, it } from 'vitest';
import { stripeEventFromSignal } from '../../../domain/commands/stripe-event-signal.ts';

describe('a signal that something happened at Stripe', () => {
  const event = { eventId: 'evt_1', eventType: 'charge.updated' };

  it('names the event', () => {
    expect(stripeEventFromSignal({ ...event, more: 1 })).toEqual(event);
  });

  it.each([
    undefined,
    null,
    'evt_1',
    [],
    {},
    { eventId: 'evt_1' },
    { ...event, eventId: 7 },
    { ...event, eventType: '' },
    { ...event, eventType: 'charge.\udf89' },
  ])('names none in %j', (raw) => {
    expect(stripeEventFromSignal(raw)).toBeNull();
  });
});
