import { workflowInfo } from '@temporalio/workflow';
import type { CommandEnvelope } from '../domain/commands.ts';
import type { Problem } from '../domain/errors.ts';
import type { OperationOutcome, StripeOperation } from '../domain/operations.ts';
import type { Attention } from '../domain/order.ts';
import { IllegalTransition } from '../domain/payment.ts';
import { CommandRecord } from './command-record.ts';
import type { TransferAnswer, TransferInput, TransferState } from './messages.ts';

/** A special-case transfer with its memory. */
export class TransferRecord extends CommandRecord {
  #state: TransferState;
  #refusal: Problem | null = null;

  constructor(input: TransferInput) {
    super(undefined);
    this.#state = {
      input,
      createdAt: workflowInfo().startTime.getTime(),
      status: 'pending',
      transfer: null,
      attention: null,
    };
  }

  get state(): TransferState {
    return this.#state;
  }

  get attention(): Attention | null {
    return this.#state.attention;
  }

  /** Why Stripe refused this transfer: nothing of it exists there. */
  get refusal(): Problem | null {
    return this.#refusal;
  }

  showAttention(attention: Attention | null): void {
    this.#state = { ...this.#state, attention };
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
        this.#refusal = outcome.problem;
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

  answer(commandId: string): TransferAnswer {
    const result = this.result(commandId);
    if (!result) throw new IllegalTransition(`command ${commandId} has no result yet`);
    return { result, transfer: this.#state };
  }
}
