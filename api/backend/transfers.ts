import type { Client } from '@temporalio/client';
import { timelineQuery } from '../../contract/commands.ts';
import { transferBeginning } from '../../contract/transfer-start.ts';
import type {
  ReverseCommand,
  TransferAnswer,
  TransferInput,
  TransferState,
} from '../../contract/transfers.ts';
import {
  payTransferUpdate,
  resolveTransferUpdate,
  reverseUpdate,
  transferMemoryQuery,
  transferStateQuery,
} from '../../contract/transfers.ts';
import type { CommandEnvelope, Resolve } from '../../domain/commands/commands.ts';
import type { Timeline } from '../../domain/commands/timeline.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { transferWorkflowId } from '../../domain/ids.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { ApiDeps } from '../http/deps.ts';
import type { Commanded, Outcome } from './commanded.ts';
import { CommandedWorkflow } from './commanded.ts';
import type { EndedTransfer, EndedTransfers } from './ended-transfers.ts';

const TRANSFER: Commanded<TransferState, TransferAnswer> = {
  noun: 'transfer',
  stateQuery: transferStateQuery,
  workflowId: transferWorkflowId,
  stateOf: ({ transfer }) => transfer,
};

/** Special-case transfers with no order, as their workflows know them; those whose workflow is gone, as Stripe does. */
export class Transfers {
  readonly #temporal: Client;
  readonly #taskQueue: string;
  readonly #ended: EndedTransfers;

  constructor({ temporal, taskQueue }: Pick<ApiDeps, 'temporal' | 'taskQueue'>, ended: EndedTransfers) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
    this.#ended = ended;
  }

  create(input: TransferInput, waitMs: number): Promise<Outcome<TransferState>> {
    const beginning = { ...transferBeginning(input, this.#taskQueue), update: payTransferUpdate };
    return this.#transfer(input.id).begin(beginning, (at) => pendingTransfer(input, at), waitMs);
  }

  resolve(
    transferId: string,
    envelope: CommandEnvelope,
    { action, stripeId, reason }: Resolve,
    waitMs: number,
  ): Promise<Outcome<TransferState>> {
    const message = { ...envelope, action, stripeId, reason };
    const ended = async (closed: TransferState | null) => {
      const { state } = await this.#endedTransfer(transferId, closed);
      throw new ProblemError(refusalOfEnded(state));
    };
    return this.#transfer(transferId).command(resolveTransferUpdate, message, ended, waitMs);
  }

  /** Takes it back in whole or in part. */
  reverse(transferId: string, command: ReverseCommand, waitMs: number): Promise<Outcome<TransferState>> {
    const { kind: _, ...message } = command;
    const ended = async (closed: TransferState | null) =>
      this.#ended.reverse(await this.#endedTransfer(transferId, closed), command, waitMs);
    return this.#transfer(transferId).command(reverseUpdate, message, ended, waitMs);
  }

  async read(transferId: string): Promise<TransferState> {
    const transfer = this.#transfer(transferId);
    const state = (await transfer.readIfThere()) ?? (await this.#ended.readFromStripeForReader(transferId));
    if (state) return state;
    throw new ProblemError(transfer.absent);
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
    return { state: { ...closed, pending: null, attention: null }, memory };
  }

  #transfer(transferId: string) {
    return new CommandedWorkflow(this.#temporal, TRANSFER, transferId);
  }
}

function pendingTransfer(input: TransferInput, createdAt: number): TransferState {
  return { input, createdAt, status: 'pending', transfer: null, pending: null, attention: null };
}

function refusalOfEnded({ status }: TransferState): Problem {
  return problem('state_conflict', `This transfer is ${status} and needs no attention.`);
}
