import type { ErrorBody } from './errors.ts';
import { lockTimeout, rateLimited, StripeError, serverError } from './errors.ts';

export interface FaultEffect {
  /** A named error, or Stripe's error object to answer with; needs `status` in the second case. */
  error?: 'lock_timeout' | 'rate_limit' | 'server_error' | Partial<ErrorBody>;
  status?: number;
  /** At most: the call goes on as soon as the fault is removed. */
  delay_ms?: number;
  /** Cuts the connection without an answer. */
  drop?: boolean;
  /** `after`: the request takes effect first, and only its answer is lost, delayed or replaced. */
  when?: 'before' | 'after';
}

export interface FaultMatch {
  method?: string;
  /** Whole path; `*` stands for anything. */
  path?: string;
  /** The first matching call it applies to. */
  nth?: number;
  /** How many matching calls it applies to; `always` for all that follow. */
  times?: number | 'always';
}

export interface Fault {
  id: string;
  match: FaultMatch;
  effect: FaultEffect;
  seen: number;
  fired: number;
}

function pathMatches(pattern: string, path: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(path);
}

/** Failures to be had on order. */
export class Faults {
  private faults: Fault[] = [];
  private counter = 0;
  private readonly delayed = new Map<() => void, Fault>();

  add(match: FaultMatch, effect: FaultEffect): Fault {
    this.counter += 1;
    const fault = { id: `fault_${this.counter}`, match, effect, seen: 0, fired: 0 };
    this.faults.push(fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.faults;
  }

  clear(id?: string): void {
    this.faults = id === undefined ? [] : this.faults.filter((fault) => fault.id !== id);
    for (const [goOn, fault] of this.delayed) if (!this.faults.includes(fault)) goOn();
  }

  /** Holds a call back as long as its fault says, or until that is removed. */
  delay(fault: Fault): Promise<void> {
    return new Promise((resolve) => {
      const goOn = () => {
        clearTimeout(timer);
        this.delayed.delete(goOn);
        resolve();
      };
      const timer = setTimeout(goOn, fault.effect.delay_ms ?? 0);
      this.delayed.set(goOn, fault);
    });
  }

  /** The fault this call runs into, if any. */
  take(method: string, path: string): Fault | undefined {
    let taken: Fault | undefined;
    for (const fault of this.faults) {
      const { match } = fault;
      if (match.method !== undefined && match.method.toUpperCase() !== method) continue;
      if (match.path !== undefined && !pathMatches(match.path, path)) continue;
      fault.seen += 1;
      if (taken || fault.seen < (match.nth ?? 1)) continue;
      if (match.times !== 'always' && fault.fired >= (match.times ?? 1)) continue;
      fault.fired += 1;
      taken = fault;
    }
    return taken;
  }
}

const NAMED = { lock_timeout: lockTimeout, rate_limit: rateLimited, server_error: serverError };
export const NAMED_FAULTS: readonly string[] = Object.keys(NAMED);

export function isNamedFault(name: string): name is keyof typeof NAMED {
  return Object.hasOwn(NAMED, name);
}

/** The error a fault answers with; none where it only delays or drops. */
export function faultError({ error, status }: FaultEffect): StripeError | undefined {
  if (typeof error === 'string') return NAMED[error]();
  if (error === undefined && status === undefined) return undefined;
  const code = status ?? 500;
  // Stripe stores what went wrong inside it; a refusal at the door it does not.
  return new StripeError(
    code,
    {
      message: 'An unknown error occurred',
      type: code >= 500 ? 'api_error' : 'invalid_request_error',
      ...error,
    },
    code >= 500 ? {} : { notSaved: true },
  );
}
