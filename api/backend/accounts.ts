import type { Client } from '@temporalio/client';
import { accountBeginning } from '../../contract/account-start.ts';
import type { AccountInput } from '../../contract/accounts.ts';
import { accountQuery, beginAccountUpdate, USUAL_ACCOUNT } from '../../contract/accounts.ts';
import type { CommandAnswer } from '../../contract/command-messages.ts';
import { timelineQuery, updateOf } from '../../contract/command-messages.ts';
import type { Account } from '../../domain/accounts/account.ts';
import { newAccount, statusOfAccount } from '../../domain/accounts/account.ts';
import type { AccountCommand } from '../../domain/accounts/account-command-table.ts';
import { ACCOUNT_COMMANDS } from '../../domain/accounts/account-command-table.ts';
import type { CommandMessage } from '../../domain/commands/define-command.ts';
import type { Timeline } from '../../domain/commands/timeline.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { accountWorkflowId } from '../../domain/ids.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { ApiDeps } from '../http/deps.ts';
import type { Beginning } from './begin.ts';
import type { Commanded } from './commanded.ts';
import { CommandedWorkflow } from './commanded.ts';
import type { Events } from './events.ts';
import { refusalIn } from './refusal-in.ts';
import { isStripeId } from './stripe-id.ts';

const ACCOUNT: Commanded<Account> = {
  noun: 'account',
  stateQuery: accountQuery,
  workflowId: accountWorkflowId,
  usual: USUAL_ACCOUNT,
  beginsWith: 'begin' satisfies keyof AccountInput,
};

const ADOPT_WITHIN_MS = 20_000;

/** Connected accounts, as their workflows know them. */
export class Accounts {
  readonly #temporal: Client;
  readonly #taskQueue: string;

  readonly #events: Pick<Events, 'announcing'>;

  constructor(
    { temporal, taskQueue }: Pick<ApiDeps, 'temporal' | 'taskQueue'>,
    events: Pick<Events, 'announcing'>,
  ) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
    this.#events = events;
  }

  /** Starts an account's life with what its input says. */
  async begin(
    asked: AccountInput,
    waitMs: number,
    { reopens }: Pick<Beginning<Account, AccountInput>, 'reopens'> = {},
  ): Promise<CommandAnswer<Account>> {
    const input = await this.#events.announcing(asked);
    const beginning = {
      ...accountBeginning(input, this.#taskQueue),
      update: beginAccountUpdate,
      envelope: input.begin,
      ...(reopens ? { reopens } : {}),
    };
    const pending = (at: number) => newAccount(input.reference, at, input.livemode);
    return this.#account(input.reference).begin(beginning, pending, waitMs);
  }

  /**
   * Sends a command. An account that was made elsewhere is adopted by its first one, and one that was connected again, or whose rejection
   * was taken back, by the first one since. `isOpen`: Stripe shows it, and not as rejected.
   */
  async command(
    { adopted, isOpen }: { readonly adopted: AccountInput; readonly isOpen: boolean },
    command: AccountCommand,
    message: CommandMessage,
    waitMs: number,
  ): Promise<CommandAnswer<Account>> {
    const account = this.#account(adopted.reference);
    const { origin } = adopted;
    const reopens = isOpen && origin.kind === 'adopt' && isStripeId(origin.account);
    const update = updateOf<Account>(ACCOUNT_COMMANDS[command.kind]);
    const send = (why: (ended: Account) => Problem) =>
      account.command(update, message, command, account.refusing(why), waitMs);
    try {
      // Stripe has it now, whatever its workflow ended with.
      return await send((ended) => (reopens ? account.absent : refusalOfEnded(ended)));
    } catch (error) {
      if (!(error instanceof ProblemError && error.problem.code === 'not_found')) throw error;
    }
    await this.#adopt(adopted, reopens);
    return send(refusalOfEnded);
  }

  async #adopt(adopted: AccountInput, reopens: boolean): Promise<void> {
    try {
      const { result } = await this.begin(adopted, ADOPT_WITHIN_MS, { reopens });
      if (result.outcome !== 'running' && result.problem) throw new ProblemError(result.problem);
    } catch (error) {
      // Another command, or an event, was first.
      if (refusalIn(error)?.code !== 'account_exists') throw error;
    }
  }

  read(reference: string): Promise<Account> {
    return this.#account(reference).read();
  }

  /** Null: Temporal knows none; not every account was made or changed here. */
  readIfThere(reference: string): Promise<Account | null> {
    return this.#account(reference).readIfThere();
  }

  /** Null: as {@link readIfThere}. */
  timeline(reference: string): Promise<Timeline | null> {
    return this.#account(reference).queryIfThere((handle) => handle.query(timelineQuery));
  }

  #account(reference: string) {
    return new CommandedWorkflow(this.#temporal, ACCOUNT, reference);
  }
}

function refusalOfEnded(account: Account): Problem {
  return problem('state_conflict', `This account is ${statusOfAccount(account)} and cannot be changed.`);
}
