import { workflowInfo } from '@temporalio/workflow';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type {
  ReopenedTransferInput,
  TransferAnswer,
  TransferInput,
  TransferMemory,
  TransferState,
} from '../../contract/transfers.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { CommandEnvelope, CommandResult } from '../../domain/commands/commands.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import type { CommandSnapshot } from '../entity/command-record.ts';
import { CommandRecord, isEnded } from '../entity/command-record.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry, upgrade } from '../shared/snapshots.ts';

/** All that a transfer is, as plain data: what continue-as-new carries over. */
export interface TransferSnapshot extends CommandSnapshot {
  readonly state: TransferState;
}

/** A special-case transfer with its memory. */
export class TransferRecord extends CommandRecord<TransferAnswer> {
  #state: TransferState;

  constructor(input: TransferInput | ReopenedTransferInput, carried: TransferSnapshot | undefined) {
    const { reopened, ...first }: TransferInput & Partial<ReopenedTransferInput> = input;
    super(carried ?? (reopened && memoryOf(first, reopened)));
    this.#state = carried?.state ?? {
      input: first,
      createdAt: reopened?.createdAt ?? workflowInfo().startTime.getTime(),
      status: reopened ? 'paid' : 'pending',
      transfer: reopened?.transfer ?? null,
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

  abandon({ operation }: StripeOperation): void {
    if (operation === 'transfer') this.#state = { ...this.#state, status: 'abandoned' };
  }

  absorb(command: CommandEnvelope, operation: StripeOperation, outcome: OperationOutcome): void {
    const { stripeRequestId } = outcome;
    const call = { type: 'stripe_call', name: operation.operation, cause: command, stripeRequestId } as const;
    switch (outcome.type) {
      case 'transfer':
        this.#state = { ...this.#state, status: 'paid', transfer: outcome.transfer };
        this.note({ ...call, stripeId: outcome.transfer.id });
        this.settle(command, 'done');
        break;
      case 'adjustment':
        this.note({ ...call, stripeId: outcome.adjustment.id });
        this.settle(command, 'done');
        break;
      case 'refused':
        // A reversal that is refused leaves a transfer that was paid.
        if (operation.operation === 'transfer') this.refuseAll(outcome.problem);
        this.abandon(operation);
        this.note({ ...call, detail: outcome.problem.detail });
        this.settle(command, 'refused', outcome.problem);
        break;
      default:
        throw new IllegalTransition(`a transfer cannot end as ${outcome.type}`);
    }
  }

  /** What this transfer goes on with when it is reopened. */
  get memory(): TransferMemory {
    const { timeline, commands } = this.carry();
    return carry('transfer_memory', { timeline, commands: commands.filter(isEnded) });
  }

  snapshot(): Versioned<TransferSnapshot> {
    return carry('transfer', { ...this.carry(), state: this.#state });
  }

  protected answerWith(result: CommandResult): TransferAnswer {
    return { result, transfer: this.#state };
  }
}

/** Of one that Temporal has forgotten, Stripe still shows that it was paid. */
function memoryOf(
  { pay: { commandId, requestHash, requestId } }: TransferInput,
  { memory }: ReopenedTransferInput['reopened'],
): Partial<CommandSnapshot> {
  if (memory) return upgrade('transfer_memory', memory);
  return { commands: [{ commandId, requestHash, requestId, outcome: 'done', problem: null }] };
}
