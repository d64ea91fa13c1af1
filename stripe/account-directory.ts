import type Stripe from 'stripe';
import type { AccountFacts } from '../domain/accounts/account.ts';
import { TtlCache } from '../domain/ttl-cache.ts';
import { accountFactsOf } from './account-facts.ts';

/** Short: Stripe has the last word on an order anyway. */
const CACHE = { ttlMs: 30_000, max: 1_000 };
/** An order is not kept waiting for what is only a courtesy to its caller. */
const READ = { timeout: 3_000, maxNetworkRetries: 0 } as const;
const PLATFORM = 'platform';

/** What Stripe says about accounts, cached for a moment, so that a burst of orders does not become a burst of reads. */
export class AccountDirectory {
  readonly #stripe: Stripe;
  readonly #cached = new TtlCache<Promise<AccountFacts>>(CACHE, Date.now);

  constructor(stripe: Stripe) {
    this.#stripe = stripe;
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
    if (known) return known;
    const facts = read().then(accountFactsOf);
    this.#cached.set(id, facts);
    // A failure is nobody's to remember.
    facts.catch(() => this.#cached.delete(id));
    return facts;
  }
}
