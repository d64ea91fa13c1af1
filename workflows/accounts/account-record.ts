import type { AccountInput } from '../../contract/accounts.ts';
import { USUAL_ACCOUNT } from '../../contract/accounts.ts';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { Account, AccountEvent } from '../../domain/accounts/account.ts';
import {
  accountNotices,
  isAccountClosed,
  newAccount,
  statusOfAccount,
  transitionAccount,
} from '../../domain/accounts/account.ts';
import type { AccountCommandKind } from '../../domain/accounts/account-command-table.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import type { AccountStanding } from '../../domain/outgoing-events/account-events.ts';
import { ACCOUNT_EVENTS } from '../../domain/outgoing-events/account-events.ts';
import { nothingPublished } from '../../domain/outgoing-events/announce.ts';
import type { Published } from '../../domain/outgoing-events/outgoing-event.ts';
import type { EntitySnapshot } from '../entity/entity-record.ts';
import { EntityRecord } from '../entity/entity-record.ts';
import { Outbox } from '../entity/outbox.ts';
import type { FailedReads } from '../entity/readings.ts';
import { Rereads } from '../entity/readings.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry } from '../shared/snapshots.ts';
import { SECOND_MS, workflowNow } from '../shared/time.ts';

/** What continue-as-new carries over. Times in milliseconds since the epoch. */
export interface AccountSnapshot extends EntitySnapshot<AccountStanding> {
  readonly account: Account;
  readonly lastActivityAt: number;
  readonly readings: number;
  readonly signaled: string | null;
}

/** A connected account with its memory. */
export class AccountRecord extends EntityRecord<Account, AccountEvent, AccountStanding> {
  readonly usual = USUAL_ACCOUNT;
  readonly input: AccountInput;
  /** Since a command came or its status changed. */
  readonly rereads: Rereads;
  /**
   * What the open orders were last signaled; null: nothing, so they assume that the account can receive their money.
   */
  signaled: string | null;
  /** Tries to signal them that failed one after the other; null: the last one did not. Each run begins with another. */
  failedSignals: FailedReads | null = null;

  constructor(input: AccountInput, carried: AccountSnapshot | undefined) {
    const now = workflowNow();
    const outbox = new Outbox(ACCOUNT_EVENTS, carried?.published ?? firstPublished(input, now));
    super(carried?.account ?? newAccount(input.reference, now, input.livemode), outbox, carried);
    this.input = input;
    this.rereads = new Rereads(carried?.lastActivityAt ?? now, carried?.readings ?? 0);
    this.signaled = carried?.signaled ?? null;
  }

  get account(): Account {
    return this.state;
  }

  protected get isOver(): boolean {
    return this.blocked === null && this.failedSignals === null && isAccountClosed(this.account);
  }

  override begin(kind: AccountCommandKind, command: CommandEnvelope): void {
    super.begin(kind, command);
    this.rereads.restart();
  }

  abandon(_: StripeOperation, cause: CommandEnvelope): void {
    this.apply({ type: 'given_up' }, cause);
  }

  snapshot(): Versioned<AccountSnapshot> {
    const { account, rereads, signaled } = this;
    const { since: lastActivityAt, count: readings } = rereads;
    return carry('account', { ...this.carry(), account, lastActivityAt, readings, signaled });
  }

  protected transition(account: Account, event: AccountEvent): Account {
    return transitionAccount(account, event);
  }

  protected standingOf(account: Account) {
    return { status: statusOfAccount(account) };
  }

  protected override noticesOf(account: Account) {
    return accountNotices(account);
  }

  protected override onStatus(): void {
    this.rereads.restart();
  }

  protected eventOf(_: StripeOperation, outcome: OperationOutcome): AccountEvent | null {
    switch (outcome.type) {
      case 'account':
        return { type: 'account_observed', facts: outcome.account };
      case 'disconnected':
        return { type: 'account_disconnected' };
      case 'refused':
        return null;
      default:
        throw new IllegalTransition(`an account's operation cannot end as ${outcome.type}`);
    }
  }

  protected isBegunBy({ operation }: StripeOperation): boolean {
    return operation === 'create_account' || operation === 'connect_account';
  }
}

/**
 * One that was made elsewhere, or before Temporal was lost, may have had events: its numbers start from the current
 * time in seconds.
 */
function firstPublished({ origin, announced }: AccountInput, now: number): Published<AccountStanding> {
  const sequence = origin.kind === 'create' ? 0 : Math.floor(now / SECOND_MS);
  return nothingPublished(ACCOUNT_EVENTS, announced ?? false, sequence);
}
