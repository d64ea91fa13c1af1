import type { AccountAnswer, AccountInput } from '../../contract/accounts.ts';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { Account, AccountEvent, AccountFacts } from '../../domain/accounts/account.ts';
import {
  isAccountClosed,
  newAccount,
  statusOfAccount,
  transitionAccount,
} from '../../domain/accounts/account.ts';
import type { AccountCommandKind } from '../../domain/accounts/account-commands.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { ReadingFailure } from '../../domain/attention/reading.ts';
import type { CommandEnvelope, CommandResult } from '../../domain/commands/commands.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import type { Problem } from '../../domain/errors.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import type { CommandSnapshot } from '../entity/command-record.ts';
import { CommandRecord } from '../entity/command-record.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry } from '../shared/snapshots.ts';
import { workflowNow } from '../shared/time.ts';

/** All that an account's workflow knows, as plain data. Times in milliseconds since the epoch. */
export interface AccountSnapshot extends CommandSnapshot {
  readonly account: Account;
  readonly lastActivityAt: number;
  readonly readings: number;
  readonly signaled: string | null;
}

/** A connected account with its memory. */
export class AccountRecord extends CommandRecord<AccountAnswer> {
  readonly input: AccountInput;
  /** What the open orders were signaled last; null: nothing, so they believe that the account can take their money. */
  signaled: string | null;
  #account: Account;
  #lastActivityAt: number;
  #readings: number;

  constructor(input: AccountInput, carried: AccountSnapshot | undefined) {
    super(carried);
    const now = workflowNow();
    this.input = input;
    this.#account = carried?.account ?? newAccount(input.reference, now, input.livemode);
    this.#lastActivityAt = carried?.lastActivityAt ?? now;
    this.#readings = carried?.readings ?? 0;
    this.signaled = carried?.signaled ?? null;
  }

  get account(): Account {
    return this.#account;
  }

  get attention(): Attention | null {
    return this.#account.attention;
  }

  get isClosed(): boolean {
    return this.blocked === null && isAccountClosed(this.#account);
  }

  /** When a command came or its status changed. */
  get lastActivityAt(): number {
    return this.#lastActivityAt;
  }

  /** How often it was read again since then because a timer fired. */
  get readings(): number {
    return this.#readings;
  }

  countReading(): void {
    this.#readings += 1;
  }

  /** Records what Stripe shows; null: the platform no longer has access. */
  observe(facts: AccountFacts | null): void {
    this.#apply(facts ? { type: 'account_observed', facts } : { type: 'account_disconnected' }, null);
  }

  /** It can no longer be read from Stripe, or (null) it can again. */
  noteUnreadable(failure: ReadingFailure | null): void {
    if (failure && this.#account.unreadable === null) {
      this.note({ type: 'attention', name: 'reading_failed', cause: null, detail: failure.message });
    }
    this.#apply({ type: 'reading_failed', failure, at: workflowNow() }, null);
  }

  override begin(kind: AccountCommandKind, command: CommandEnvelope): void {
    super.begin(kind, command);
    this.#touch();
  }

  showAttention(attention: Attention | null, cause: CommandEnvelope | null): void {
    this.#apply(attention ? { type: 'attention_raised', attention } : { type: 'attention_cleared' }, cause);
  }

  showPending(pending: PendingOperation | null): void {
    this.#account = { ...this.#account, pending };
  }

  abandon(_: StripeOperation, cause: CommandEnvelope): void {
    this.#apply({ type: 'given_up' }, cause);
  }

  absorb(command: CommandEnvelope, { operation }: StripeOperation, outcome: OperationOutcome): void {
    const { stripeRequestId } = outcome;
    const called = { type: 'stripe_call', name: operation, cause: command, stripeRequestId } as const;
    switch (outcome.type) {
      case 'account':
        this.#apply({ type: 'account_observed', facts: outcome.account }, command);
        this.note({ ...called, stripeId: outcome.account.id });
        this.settle(command, 'done');
        break;
      case 'disconnected':
        this.#apply({ type: 'account_disconnected' }, command);
        this.note(called);
        this.settle(command, 'done');
        break;
      case 'refused':
        this.note({ ...called, detail: outcome.problem.detail });
        this.refuse(command, outcome.problem);
        break;
      default:
        throw new IllegalTransition(`an account's operation cannot end as ${outcome.type}`);
    }
  }

  /** A refused command changes nothing; if it was to make the account, there is none. */
  refuse(command: CommandEnvelope, why: Problem): void {
    this.settle(command, 'refused', why);
    if (this.#account.connection !== 'pending') return;
    this.refuseAll(why);
    this.#apply({ type: 'given_up' }, command);
  }

  protected answerWith(result: CommandResult): AccountAnswer {
    return { result, account: this.#account };
  }

  snapshot(): Versioned<AccountSnapshot> {
    return carry('account', {
      ...this.carry(),
      account: this.#account,
      lastActivityAt: this.#lastActivityAt,
      readings: this.#readings,
      signaled: this.signaled,
    });
  }

  #apply(event: AccountEvent, cause: CommandEnvelope | null): void {
    const before = statusOfAccount(this.#account);
    this.#account = transitionAccount(this.#account, event);
    const after = statusOfAccount(this.#account);
    if (before === after) return;
    this.#touch();
    this.note({ type: 'state', name: after, cause });
  }

  #touch(): void {
    this.#lastActivityAt = workflowNow();
    this.#readings = 0;
  }
}
