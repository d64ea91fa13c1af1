import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { TtlCache } from '../../domain/ttl-cache.ts';
import type { Accounts } from './accounts.ts';
import { isStripeId } from './stripe-id.ts';

/** Once Temporal has forgotten an account that was disconnected, its reference may become another one's. */
const CACHE = { ttlMs: 60_000, max: 1_000 };

/** Stripe's ids of accounts, which callers name by those or by their own references. */
export class AccountIds {
  readonly #accounts: Pick<Accounts, 'readIfThere'>;
  readonly #cached = new TtlCache<string>(CACHE, Date.now);

  constructor(accounts: Pick<Accounts, 'readIfThere'>) {
    this.#accounts = accounts;
  }

  /** `param`: the field that names the account; in a path it is `id`. */
  async of(name: string, param: string): Promise<string> {
    if (isStripeId(name)) return name;
    const cached = this.#cached.get(name);
    if (cached !== undefined) return cached;
    const account = await this.#accounts.readIfThere(name);
    const isOfPath = param === 'id';
    if (!account) {
      const code = isOfPath ? 'not_found' : 'invalid_request';
      throw new ProblemError(problem(code, `There is no account ${name}.`, { param }));
    }
    if (!account.facts) {
      const code = isOfPath ? 'not_found' : 'account_not_ready';
      throw new ProblemError(problem(code, `Stripe has not created the account ${name} yet.`, { param }));
    }
    this.#cached.set(name, account.facts.id);
    return account.facts.id;
  }

  /** The same of a field that may be absent. */
  async ofOptional(name: string | undefined, param: string): Promise<string | undefined> {
    return name === undefined ? undefined : this.of(name, param);
  }
}
