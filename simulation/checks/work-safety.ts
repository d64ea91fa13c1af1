import type { TransferState } from '../../contract/transfers.ts';
import type { Account } from '../../domain/accounts/account.ts';
import { accountNotices } from '../../domain/accounts/account.ts';
import type { Notice } from '../../domain/attention/notice.ts';
import { transferNotices } from '../../domain/orders/present-transfer.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { stripePayoutOf } from '../../domain/payouts/payout.ts';
import { payoutNotices } from '../../domain/payouts/payout-notices.ts';
import type { Account as AccountRow } from '../../sandbox/objects/accounts.ts';
import type { Payout as PayoutRow } from '../../sandbox/objects/payouts.ts';
import type { Execution } from '../temporal/execution.ts';
import type { World } from '../world/world.ts';
import type { Effects } from './effects.ts';
import type { Records } from './records.ts';
import type { Restrictions } from './restrictions.ts';

/** A payout at Stripe never goes back. */
const STAGES = { pending: 0, in_transit: 1, paid: 2, failed: 3, canceled: 3 } as const;

/** What must hold of payouts, transfers out of no order, and accounts, after every step. */
export class WorkSafety {
  readonly #world: World;
  readonly #effects: Effects;
  readonly #records: Records;
  readonly #restrictions: Restrictions;
  readonly #fail: (why: string) => void;
  /** By their ids at Stripe. */
  readonly #stages = new Map<string, number>();
  readonly #accounts = new Map<string, string>();

  constructor(
    world: World,
    effects: Effects,
    records: Records,
    restrictions: Restrictions,
    fail: (why: string) => void,
  ) {
    this.#world = world;
    this.#effects = effects;
    this.#records = records;
    this.#restrictions = restrictions;
    this.#fail = fail;
  }

  /** One that failed may be made again; no two of one payout are ever on their way. */
  payout(row: PayoutRow): void {
    this.#effects.once('payout', row);
    const id = row.metadata.waybill_payout;
    if (!id || !isAlive(row)) return;
    const others = [...this.#world.platform.world.store.rows('payout')].filter(
      (other) => other.metadata.waybill_payout === id && other.id !== row.id && isAlive(other),
    );
    if (others[0]) this.#fail(`${id} is paid out twice: ${others[0].id} and ${row.id}`);
  }

  account({ id, metadata }: AccountRow): void {
    this.#effects.once('account', { id, metadata });
    const reference = metadata.waybill_account;
    if (!reference) return;
    const before = this.#accounts.get(reference);
    if (before !== undefined && before !== id) this.#fail(`${reference} was made twice: ${before} and ${id}`);
    this.#accounts.set(reference, id);
  }

  check(execution: Execution): void {
    const asks = this.#asks(execution);
    if (asks !== null) this.#records.isTold(execution, asks);
  }

  /** Whether it asks for a person; null: it is none of these, no worker has it in its memory, or it may be either. */
  #asks(execution: Execution): boolean | null {
    const state = (name: string): unknown => this.#world.server.peek(execution, name);
    switch (execution.beginning.type) {
      case 'payout': {
        const payout = state('payout') as Payout | undefined;
        if (!payout) return null;
        this.#stage(payout);
        return this.#needs(payout, payoutNotices(payout));
      }
      case 'account': {
        const account = state('account') as Account | undefined;
        if (!account) return null;
        this.#restrictions.account(account);
        return this.#needs(account, accountNotices(account));
      }
      case 'specialCaseTransfer': {
        const transfer = state('transfer') as TransferState | undefined;
        return transfer ? this.#needs(transfer, transferNotices(transfer)) : null;
      }
      default:
        return null;
    }
  }

  /** What was approved is still listed until it is done, and a connection that was stuck until the account bears its reference. */
  #needs(
    { attention, pending }: Pick<Payout, 'attention' | 'pending'>,
    notices: readonly Notice[],
  ): boolean | null {
    if (attention !== null || notices.length > 0) return true;
    const isListedStill = this.#world.policy.approval !== undefined || this.#world.openedOutside.size > 0;
    return pending !== null && isListedStill ? null : false;
  }

  #stage(payout: Payout): void {
    const shown = stripePayoutOf(payout);
    if (!shown) return;
    const [before, now] = [this.#stages.get(shown.id) ?? 0, STAGES[shown.status]];
    if (now < before) this.#fail(`${payout.terms.id}: ${shown.id} went back to ${shown.status}`);
    this.#stages.set(shown.id, now);
  }
}

function isAlive({ status }: Pick<PayoutRow, 'status'>): boolean {
  return status !== 'failed' && status !== 'canceled';
}
