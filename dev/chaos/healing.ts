import type { Step } from './caller.ts';

/** Without webhooks: the aim is that 99 of 100 steps need no longer, and the drill takes each that does as a violation. */
const HEALS_WITHIN_MS = 60_000;

/**
 * From the end of a round's faults until what was waited for at that moment had come, in milliseconds; infinite: it never came.
 * What was not due by then counts from when it is due.
 */
export function healMsOf({ endedAt, dueAt }: Step, faultsEndedAt: number): number {
  return Math.max(0, (endedAt ?? Number.POSITIVE_INFINITY) - Math.max(faultsEndedAt, dueAt));
}

/** What took too long with webhooks off, in words. What never came is a violation by itself. */
export function tooSlowToHeal(waiting: readonly Step[], faultsEndedAt: number): string[] {
  return waiting.flatMap((step) => {
    const ms = healMsOf(step, faultsEndedAt);
    if (ms <= HEALS_WITHIN_MS || !Number.isFinite(ms)) return [];
    const seconds = (ms / 1_000).toFixed(1);
    return [`${step.what} took ${seconds} s to heal with webhooks off, over ${HEALS_WITHIN_MS / 1_000} s`];
  });
}
