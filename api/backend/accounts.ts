import type { Client } from '@temporalio/client';
import { accountBeginning } from '../../contract/account-start.ts';
import type { AccountAnswer, AccountInput } from '../../contract/accounts.ts';
import { accountCommandUpdate, accountQuery, beginAccountUpdate } from '../../contract/accounts.ts';
import { timelineQuery } from '../../contract/commands.ts';
import type { Account } from '../../domain/accounts/account.ts';
import { newAccount, statusOfAccount } from '../../domain/accounts/account.ts';
import type { AccountCommandBody } from '../../domain/accounts/account-commands.ts';
import type { CommandEnvelope } from '../../domain/commands/commands.ts';
import type { Timeline } from '../../domain/commands/timeline.ts';
import { problem } from '../../domain/errors.ts';
import { accountWorkflowId } from '../../domain/ids.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { Commanded, Outcome } from './commanded.ts';
import { CommandedWorkflow } from './commanded.ts';

const ACCOUNT: Commanded<Account, AccountAnswer> = {
  noun: 'account',
  stateQuery: accountQuery,
  workflowId: accountWorkflowId,
  stateOf: ({ account }) => account,
};

const ADOPT_WITHIN_MS = 20_000;

/** Connected accounts, as their workflows know them. */
export class Accounts {
  readonly #temporal: Client;
  readonly #taskQueue: string;

  constructor(temporal: Client, taskQueue: string) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
  }

  /** Starts an account's life with what its input says. */
  begin(input: AccountInput, waitMs: number): Promise<Outcome<Account>> {
    const beginning = {
      ...accountBeginning(input, this.#taskQueue),
      update: beginAccountUpdate,
      envelope: input.begin,
    };
    const pending = (at: number) => newAccount(input.reference, at, input.livemode);
    return this.#account(input.reference).begin(beginning, pending, waitMs);
  }

  /** Sends a command. An account that was made elsewhere is adopted by its first one. */
  async command(
    adopted: AccountInput,
    envelope: CommandEnvelope,
    command: AccountCommandBody,
    waitMs: number,
  ): Promise<Outcome<Account>> {
    const account = this.#account(adopted.reference);
    const ended = account.refusing(refusalOfEnded);
    const send = () => account.command(accountCommandUpdate, { ...envelope, ...command }, ended, waitMs);
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof ProblemError && error.problem.code === 'not_found')) throw error;
    }
    const taken = await this.begin(adopted, ADOPT_WITHIN_MS);
    if (taken.type === 'ended' && taken.result.problem) throw new ProblemError(taken.result.problem);
    return send();
  }

  read(reference: string): Promise<Account> {
    return this.#account(reference).read();
  }

  /** Null: Temporal knows none; not every account was made or changed here. */
  readIfThere(reference: string): Promise<Account | null> {
    return this.#account(reference).readIfThere();
  }

  timeline(reference: string): Promise<Timeline> {
    return this.#account(reference).query((handle) => handle.query(timelineQuery));
  }

  #account(reference: string) {
    return new CommandedWorkflow(this.#temporal, ACCOUNT, reference);
  }
}

function refusalOfEnded(account: Account) {
  return problem('state_conflict', `This account is ${statusOfAccount(account)} and cannot be changed.`);
}
