import type Stripe from 'stripe';
import type { AccountFacts } from '../domain/accounts/account.ts';
import { accountFactsOf } from './account-facts.ts';

interface CachedAccount {
  readonly facts: Promise<AccountFacts>;
  readonly until: number;
}

/** Short: Stripe has the last word on an order anyway. */
const CACHE_TTL_MS = 30_000;
const ACCOUNTS_MAX = 1_000;
/** An order is not kept waiting for what is only a courtesy to its caller. */
const READ = { timeout: 3_000, maxNetworkRetries: 0 } as const;
const PLATFORM = 'platform';

/** What Stripe tells of accounts, remembered for a moment, so that a burst of orders does not become a burst of reads. */
export class AccountDirectory {
  readonly #stripe: Stripe;
  readonly #now: () => number;
  readonly #cached = new Map<string, CachedAccount>();

  constructor(stripe: Stripe, now: () => number = Date.now) {
    this.#stripe = stripe;
    this.#now = now;
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
    if (known && known.until > this.#now()) return known.facts;
    const facts = read().then(accountFactsOf);
    this.#cached.delete(id);
    this.#cached.set(id, { facts, until: this.#now() + CACHE_TTL_MS });
    // A failure is nobody's to remember.
    facts.catch(() => this.#cached.delete(id));
    const [oldest] = this.#cached.keys();
    if (this.#cached.size > ACCOUNTS_MAX && oldest !== undefined) this.#cached.delete(oldest);
    return facts;
  }
}
