import type { Account } from '../../domain/accounts/account.ts';
import { isAccountClosed } from '../../domain/accounts/account.ts';
import { canReceive, canSettle } from '../../domain/accounts/settlement-merchant.ts';
import type { Order } from '../../domain/orders/order.ts';
import type { World } from '../world/world.ts';

/** Longer than an order takes to be listed as authorized. */
const LISTED_WITHIN_MS = 120_000;

interface Ability {
  readonly receives: boolean;
  readonly settles: boolean;
  /** Since when, in milliseconds since the epoch. */
  readonly since: number;
}

/** Orders that wait for their capture learn what their account can take. */
export class Restrictions {
  readonly #world: World;
  /** By Stripe's id of the account: what its workflow last saw. */
  readonly #abilities = new Map<string, Ability>();
  /** By order: when it was authorized. */
  readonly #authorizedAt = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  account(account: Account): void {
    const { facts } = account;
    if (!facts) return;
    const before = this.#abilities.get(facts.id);
    const isOpen = !isAccountClosed(account);
    const [receives, settles] = [isOpen && canReceive(facts), isOpen && canSettle(facts)];
    if (before?.receives === receives && before.settles === settles) return;
    this.#abilities.set(facts.id, { receives, settles, since: this.#world.clock.now });
  }

  order({ payment, terms }: Order): void {
    if (payment.status !== 'authorized') this.#authorizedAt.delete(terms.id);
    else if (!this.#authorizedAt.has(terms.id)) this.#authorizedAt.set(terms.id, this.#world.clock.now);
  }

  /** What an order that was authorized before does not know; null: nothing. */
  unheard({ terms, payment, accountRestriction }: Order): string | null {
    const { connectedAccount: account, onBehalfOf } = terms;
    const ability = this.#abilities.get(account);
    const authorizedAt = this.#authorizedAt.get(terms.id);
    if (payment.status !== 'authorized' || !ability || authorizedAt === undefined) return null;
    if (ability.since < authorizedAt + LISTED_WITHIN_MS) return null;
    const isRestricted = !ability.receives || (onBehalfOf && !ability.settles);
    if (isRestricted === (accountRestriction !== null)) return null;
    return `${account} ${isRestricted ? 'cannot' : 'can'} take its money, and it shows otherwise`;
  }
}
