import { workflowInfo } from '@temporalio/workflow';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { TransferAnswer, TransferInput, TransferState } from '../../contract/transfers.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { CommandEnvelope, CommandResult } from '../../domain/commands/commands.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import type { CommandSnapshot } from '../entity/command-record.ts';
import { CommandRecord } from '../entity/command-record.ts';

/** All that a transfer is, as plain data: what continue-as-new carries over. */
export interface TransferSnapshot extends CommandSnapshot {
  readonly state: TransferState;
}

/** A special-case transfer with its memory. */
export class TransferRecord extends CommandRecord<TransferAnswer> {
  #state: TransferState;

  constructor(input: TransferInput, carried: TransferSnapshot | undefined) {
    super(carried);
    this.#state = carried?.state ?? {
      input,
      createdAt: workflowInfo().startTime.getTime(),
      status: 'pending',
      transfer: null,
      pending: null,
      attention: null,
    };
  }

  get state(): TransferState {
    return this.#state;
  }

  get attention(): Attention | null {
    return this.#state.attention;
  }

  get isClosed(): boolean {
    return this.blocked === null;
  }

  showAttention(attention: Attention | null): void {
    this.#state = { ...this.#state, attention };
  }

  showPending(pending: PendingOperation | null): void {
    this.#state = { ...this.#state, pending };
  }

  abandon(): void {
    this.#state = { ...this.#state, status: 'abandoned' };
  }

  absorb(command: CommandEnvelope, { operation }: StripeOperation, outcome: OperationOutcome): void {
    const { stripeRequestId } = outcome;
    switch (outcome.type) {
      case 'transfer':
        this.#state = { ...this.#state, status: 'paid', transfer: outcome.transfer };
        this.note({
          type: 'stripe_call',
          name: operation,
          cause: command,
          stripeId: outcome.transfer.id,
          stripeRequestId,
        });
        this.settle(command, 'done');
        break;
      case 'refused':
        this.refuseAll(outcome.problem);
        this.abandon();
        this.note({
          type: 'stripe_call',
          name: operation,
          cause: command,
          detail: outcome.problem.detail,
          stripeRequestId,
        });
        this.settle(command, 'refused', outcome.problem);
        break;
      default:
        throw new IllegalTransition(`a transfer cannot end as ${outcome.type}`);
    }
  }

  snapshot(): TransferSnapshot {
    return { ...this.carry(), state: this.#state };
  }

  protected answerWith(result: CommandResult): TransferAnswer {
    return { result, transfer: this.#state };
  }
}
