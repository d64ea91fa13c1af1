import { eventsKey } from './secrets.ts';

/** How outgoing events are delivered. */
export interface EventsConfig {
  /** What their signing secrets are derived from; null: nobody can subscribe. */
  signingKey: string | null;
  /** Receivers on the same machine are good too. */
  allowLoopback: boolean;
  answerWithinMs: number;
  firstRetryMs: number;
  giveUpAfterMs: number;
}

const HOUR_MS = 3_600_000;

export function eventsConfig(
  vars: { WAYBILL_EVENTS_KEY?: string | undefined; WAYBILL_EVENTS_GIVE_UP_HOURS: number },
  sandbox: { embedded: boolean; mode: 'sandbox' | 'test' | 'live' },
): EventsConfig {
  return {
    signingKey: eventsKey(vars.WAYBILL_EVENTS_KEY, sandbox.embedded),
    allowLoopback: sandbox.mode === 'sandbox',
    answerWithinMs: 10_000,
    firstRetryMs: 5_000,
    giveUpAfterMs: vars.WAYBILL_EVENTS_GIVE_UP_HOURS * HOUR_MS,
  };
}
