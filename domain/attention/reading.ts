import type { Notice } from './notice.ts';

/** Why something cannot be read from Stripe: what is known of it may no longer be so. */
export interface ReadingFailure {
  readonly code: string;
  readonly message: string;
}

/** `since`: milliseconds since the epoch. */
export interface Unreadable extends ReadingFailure {
  readonly since: number;
}

export function unreadableMessage(what: string, { code, message }: ReadingFailure): string {
  return (
    `This ${what} cannot be read from Stripe (${code}: ${message}), so it may be out of date. ` +
    'Waybill retries automatically.'
  );
}

/** It is tried since the first of the failures. `at`: now. */
export function unreadableBy(
  before: Unreadable | null,
  failure: ReadingFailure | null,
  at: number,
): Unreadable | null {
  return failure && { ...failure, since: before?.since ?? at };
}

/** The same for people. `subject`: the Stripe object that cannot be read. There is nothing to decide: it goes with its cause. */
export function unreadableNotices(
  what: string,
  subject: string,
  unreadable: Unreadable | null,
): readonly Notice[] {
  if (unreadable === null) return [];
  const message = unreadableMessage(what, unreadable);
  const { since } = unreadable;
  return [
    {
      code: 'reading_failed',
      subject,
      message,
      since,
      deadline: null,
      allowedActions: [],
      acknowledgedBy: null,
    },
  ];
}
