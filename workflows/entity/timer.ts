import { MINUTE_MS, workflowNow } from '../shared/time.ts';

/** Something that is due at a time. `at`: milliseconds since the epoch. */
export interface Timer {
  readonly at: number;
  /** What it is for: a few words, shown in Temporal's UI. With `at` it tells the entity's timers apart. */
  readonly summary: string;
  fire(): Promise<void> | void;
}

/** The one that is due first; null: none. */
export function earliest(timers: readonly Timer[]): Timer | null {
  return timers.reduce<Timer | null>((first, timer) => (first && first.at <= timer.at ? first : timer), null);
}

/** How long a timer waits that is still due, as it was, after it has fired. */
const UNMOVED_MS = MINUTE_MS;

/**
 * Which timer is next. A timer that is still due after it has fired lets the others go first: chosen again at once, it would keep
 * the workflow from ever waiting for anything, and its task would never end.
 */
export class TimerQueue {
  /** `at`: when it may fire again. */
  #fired: readonly { readonly timer: Timer; readonly at: number }[] = [];

  next(timers: readonly Timer[]): Timer | null {
    return earliest(timers.map((timer) => this.#withPause(timer)));
  }

  #withPause(timer: Timer): Timer {
    const { at, summary } = timer;
    const before = this.#fired.find((one) => one.timer.at === at && one.timer.summary === summary);
    const fire = () => {
      const now = workflowNow();
      const others = this.#fired.filter((one) => one.at > now);
      this.#fired = [{ timer, at: now + UNMOVED_MS }, ...others];
      return timer.fire();
    };
    return { at: Math.max(at, before?.at ?? at), summary, fire };
  }
}
