import type { Client } from '@temporalio/client';
import type { CommandAnswer } from '../../contract/command-messages.ts';
import { timelineQuery, updateOf } from '../../contract/command-messages.ts';
import { transferBeginning } from '../../contract/transfer-start.ts';
import type { TransferInput, TransferState } from '../../contract/transfers.ts';
import {
  payTransferUpdate,
  transferMemoryQuery,
  transferStateQuery,
  USUAL_TRANSFER,
} from '../../contract/transfers.ts';
import type { CommandMessage } from '../../domain/commands/define-command.ts';
import type { Timeline } from '../../domain/commands/timeline.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { transferWorkflowId } from '../../domain/ids.ts';
import type { TransferCommand } from '../../domain/orders/transfer-command-table.ts';
import { TRANSFER_COMMANDS } from '../../domain/orders/transfer-command-table.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { ApiDeps } from '../http/deps.ts';
import type { Commanded } from './commanded.ts';
import { CommandedWorkflow } from './commanded.ts';
import type { EndedTransfer, EndedTransfers } from './ended-transfers.ts';
import type { Events } from './events.ts';

const TRANSFER: Commanded<TransferState> = {
  noun: 'transfer',
  stateQuery: transferStateQuery,
  workflowId: transferWorkflowId,
  usual: USUAL_TRANSFER,
  beginsWith: 'pay' satisfies keyof TransferInput,
};

/** Special-case transfers with no order, as their workflows know them; those whose workflow is gone, as Stripe does. */
export class Transfers {
  readonly #temporal: Client;
  readonly #taskQueue: string;
  readonly #ended: EndedTransfers;
  readonly #events: Pick<Events, 'announcing'>;

  constructor(
    { temporal, taskQueue }: Pick<ApiDeps, 'temporal' | 'taskQueue'>,
    ended: EndedTransfers,
    events: Pick<Events, 'announcing'>,
  ) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
    this.#ended = ended;
    this.#events = events;
  }

  async create(asked: TransferInput, waitMs: number): Promise<CommandAnswer<TransferState>> {
    const input = await this.#events.announcing(asked);
    const beginning = { ...transferBeginning(input, this.#taskQueue), update: payTransferUpdate };
    return this.#transfer(input.id).begin(beginning, (at) => pendingTransfer(input, at), waitMs);
  }

  command(
    transferId: string,
    command: TransferCommand,
    message: CommandMessage,
    waitMs: number,
  ): Promise<CommandAnswer<TransferState>> {
    const ended = async (closed: TransferState | null) => {
      const transfer = await this.#endedTransfer(transferId, closed);
      if (command.kind === 'resolve') throw new ProblemError(refusalOfEnded(transfer.state));
      return this.#ended.reverse(transfer, command, message, waitMs);
    };
    const update = updateOf<TransferState>(TRANSFER_COMMANDS[command.kind]);
    return this.#transfer(transferId).command(update, message, command, ended, waitMs);
  }

  async read(transferId: string): Promise<TransferState> {
    const transfer = this.#transfer(transferId);
    const known = await transfer.readIfThere();
    // What was refused or given up says nothing of one before it that Temporal has forgotten.
    if (known && known.status !== 'abandoned') return known;
    const state = (await this.#ended.readFromStripeForReader(transferId)) ?? known;
    if (state) return state;
    throw new ProblemError(transfer.absent);
  }

  /** Whether it has taken this command, whatever came of it. */
  knows(transferId: string, commandId: string): Promise<boolean> {
    return this.#transfer(transferId).knows(commandId);
  }

  timeline(transferId: string): Promise<Timeline> {
    return this.#transfer(transferId).query((handle) => handle.query(timelineQuery));
  }

  /** `closed`: what its workflow still answers; null: Temporal has forgotten it. */
  async #endedTransfer(transferId: string, closed: TransferState | null): Promise<EndedTransfer> {
    const transfer = this.#transfer(transferId);
    const atStripe = closed?.transfer ? null : await this.#ended.readFromStripe(transferId);
    if (atStripe) return atStripe;
    if (!closed) throw new ProblemError(transfer.absent);
    const memory = await transfer.query((handle) => handle.query(transferMemoryQuery));
    // Nothing is on its way for a terminated one.
    return { state: { ...closed, pending: null, attention: null, approvals: [] }, memory };
  }

  #transfer(transferId: string) {
    return new CommandedWorkflow(this.#temporal, TRANSFER, transferId);
  }
}

function pendingTransfer(input: TransferInput, createdAt: number): TransferState {
  return {
    input,
    createdAt,
    status: 'pending',
    transfer: null,
    reversals: [],
    pending: null,
    attention: null,
    approvals: [],
  };
}

function refusalOfEnded({ status }: TransferState): Problem {
  return problem('state_conflict', `This transfer is ${status} and needs no attention.`);
}
