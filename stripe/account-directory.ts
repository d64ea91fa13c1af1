import type Stripe from 'stripe';
import type { AccountFacts } from '../domain/accounts/account.ts';
import { TtlCache } from '../domain/ttl-cache.ts';
import { accountFactsOf } from './account-facts.ts';

/** Short: Stripe has the last word on an order anyway. */
const CACHE = { ttlMs: 30_000, max: 1_000 };
/** From this age on it is read anew while it still counts: as long as orders keep coming, none of them waits for Stripe here. */
const READ_ANEW_AFTER_MS = 20_000;
/** An order is not kept waiting for what is only a courtesy to its caller. */
const READ = { timeout: 3_000, maxNetworkRetries: 0 } as const;
const PLATFORM = 'platform';

interface Remembered {
  readonly facts: Promise<AccountFacts>;
  /** Milliseconds since the epoch. */
  readonly since: number;
  isReadAnew: boolean;
}

/** What Stripe says about accounts, cached for a moment, so that a burst of orders does not become a burst of reads. */
export class AccountDirectory {
  readonly #stripe: Stripe;
  readonly #now: () => number;
  readonly #cached: TtlCache<Remembered>;

  /** `now`: milliseconds since the epoch. */
  constructor(stripe: Stripe, now: () => number = Date.now) {
    this.#stripe = stripe;
    this.#now = now;
    this.#cached = new TtlCache(CACHE, now);
  }

  /** The platform's own account. */
  platform(): Promise<AccountFacts> {
    return this.#read(PLATFORM, () => this.#stripe.accounts.retrieveCurrent({}, READ));
  }

  connected(id: string): Promise<AccountFacts> {
    return this.#read(id, () => this.#stripe.accounts.retrieve(id, {}, READ));
  }

  /** What is remembered of it may be out of date. */
  forget(id: string): void {
    this.#cached.delete(id);
  }

  #read(id: string, read: () => Promise<Stripe.Account>): Promise<AccountFacts> {
    const known = this.#cached.get(id);
    if (known === undefined) {
      const facts = this.#remember(id, read().then(accountFactsOf));
      // A failure is nobody's to remember.
      facts.catch(() => this.#cached.delete(id));
      return facts;
    }
    if (!known.isReadAnew && this.#now() - known.since >= READ_ANEW_AFTER_MS) {
      known.isReadAnew = true;
      void this.#readAnew(id, known, read);
    }
    return known.facts;
  }

  /** Without an answer what is known counts to its end. */
  async #readAnew(id: string, known: Remembered, read: () => Promise<Stripe.Account>): Promise<void> {
    const facts = await read()
      .then(accountFactsOf)
      .catch(() => null);
    const isForgotten = this.#cached.get(id) !== known;
    if (facts && !isForgotten) this.#remember(id, Promise.resolve(facts));
  }

  #remember(id: string, facts: Promise<AccountFacts>): Promise<AccountFacts> {
    this.#cached.set(id, { facts, since: this.#now(), isReadAnew: false });
    return facts;
  }
}
