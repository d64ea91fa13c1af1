import { workflowInfo } from '@temporalio/workflow';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type {
  HeldTransferCommand,
  ReopenedTransferInput,
  TransferInput,
  TransferMemory,
  TransferState,
} from '../../contract/transfers.ts';
import { USUAL_TRANSFER } from '../../contract/transfers.ts';
import type { Notice } from '../../domain/attention/notice.ts';
import { unreadableBy } from '../../domain/attention/reading.ts';
import type { Approval } from '../../domain/commands/approval.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { isConcluded } from '../../domain/commands/command.ts';
import type { Problem } from '../../domain/errors.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import { formatMoney } from '../../domain/money/money.ts';
import type { Adjustment } from '../../domain/orders/adjustment.ts';
import type { SpecialCaseTransfer } from '../../domain/orders/order.ts';
import type { TransferReversal } from '../../domain/orders/present-transfer.ts';
import { transferNotices } from '../../domain/orders/present-transfer.ts';
import { nothingPublished } from '../../domain/outgoing-events/announce.ts';
import type { Published } from '../../domain/outgoing-events/outgoing-event.ts';
import type { TransferStanding } from '../../domain/outgoing-events/transfer-events.ts';
import { TRANSFER_EVENTS } from '../../domain/outgoing-events/transfer-events.ts';
import type { Approving } from '../entity/approvals.ts';
import type { CommandSnapshot } from '../entity/command-record.ts';
import type { EntityEvent, EntitySnapshot } from '../entity/entity-record.ts';
import { EntityRecord } from '../entity/entity-record.ts';
import { Outbox } from '../entity/outbox.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry, upgrade } from '../shared/snapshots.ts';
import { SECOND_MS, workflowNow } from '../shared/time.ts';

/** What continue-as-new carries over. */
export interface TransferSnapshot extends EntitySnapshot<TransferStanding> {
  readonly state: TransferState;
}

type TransferEvent =
  | EntityEvent
  | { readonly type: 'approval_asked'; readonly approval: Approval<HeldTransferCommand> }
  | { readonly type: 'approval_ended'; readonly id: string }
  | { readonly type: 'paid'; readonly transfer: SpecialCaseTransfer }
  | { readonly type: 'reversed'; readonly reversal: TransferReversal }
  /** All that Stripe shows, newest first. */
  | { readonly type: 'reversals_read'; readonly reversals: readonly TransferReversal[] };

/** A special-case transfer with its memory. */
export class TransferRecord
  extends EntityRecord<TransferState, TransferEvent, TransferStanding>
  implements Approving<HeldTransferCommand>
{
  readonly usual = USUAL_TRANSFER;

  constructor(input: TransferInput | ReopenedTransferInput, carried: TransferSnapshot | undefined) {
    const { reopened, ...first }: TransferInput & Partial<ReopenedTransferInput> = input;
    const begun: TransferState = {
      input: first,
      createdAt: reopened?.createdAt ?? workflowInfo().startTime.getTime(),
      status: reopened ? 'paid' : 'pending',
      transfer: reopened?.transfer ?? null,
      reversals: reopened?.memory?.reversals ?? reopened?.reversals ?? [],
      pending: null,
      attention: null,
      approvals: [],
    };
    const outbox = new Outbox(TRANSFER_EVENTS, carried?.published ?? firstPublished(first, reopened));
    super(carried?.state ?? begun, outbox, carried ?? (reopened && memoryOf(first, reopened)));
  }

  get input(): TransferInput {
    return this.state.input;
  }

  protected get isOver(): boolean {
    const isUnread = this.failedReads !== null && this.state.transfer !== null;
    return this.blocked === null && this.approvals.length === 0 && !isUnread;
  }

  get approvals(): readonly Approval<HeldTransferCommand>[] {
    return this.state.approvals;
  }

  askApproval(approval: Approval<HeldTransferCommand>): void {
    this.apply({ type: 'approval_asked', approval }, approval.command);
  }

  endApproval(id: string, cause: CommandEnvelope | null): void {
    this.apply({ type: 'approval_ended', id }, cause);
  }

  /** Nobody approved it. A payment that was never made leaves nothing behind. */
  giveUpUnapproved(command: HeldTransferCommand, why: Problem): void {
    this.endCommand(command, 'refused', why);
    if (command.kind === 'pay') this.apply({ type: 'given_up' }, command);
  }

  abandon(operation: StripeOperation, cause: CommandEnvelope): void {
    if (this.isBegunBy(operation)) this.apply({ type: 'given_up' }, cause);
  }

  /** What Stripe shows of its reversals. Those that are news were made there: its own are recorded with their commands. */
  observeReversals(reversals: readonly TransferReversal[]): void {
    const known = new Set(this.state.reversals.map(({ id }) => id));
    for (const reversal of reversals.filter(({ id }) => !known.has(id)).toReversed()) {
      const [stripeId, detail] = [reversal.id, formatMoney(reversal)];
      this.note({ type: 'event', name: 'transfer_reversal', cause: null, actor: 'stripe', detail, stripeId });
    }
    this.apply({ type: 'reversals_read', reversals }, null);
  }

  /** What this transfer goes on with when it is reopened. */
  get memory(): TransferMemory {
    const { timeline, commands, published } = this.carry();
    const { reversals } = this.state;
    return carry('transfer_memory', {
      timeline,
      commands: commands.filter(isConcluded),
      reversals,
      published,
    });
  }

  snapshot(): Versioned<TransferSnapshot> {
    return carry('transfer', { ...this.carry(), state: this.state });
  }

  protected transition(state: TransferState, event: TransferEvent): TransferState {
    switch (event.type) {
      case 'approval_asked':
        return { ...state, approvals: [...state.approvals, event.approval] };
      case 'approval_ended':
        return { ...state, approvals: state.approvals.filter(({ id }) => id !== event.id) };
      case 'paid':
        return { ...state, status: 'paid', transfer: event.transfer };
      case 'reversed':
        return withReversal(state, event.reversal);
      case 'reversals_read':
        return { ...state, reversals: event.reversals };
      case 'given_up':
        return { ...state, status: 'abandoned' };
      case 'attention_raised':
        return { ...state, attention: event.attention };
      case 'attention_cleared':
        return { ...state, attention: null };
      case 'reading_failed':
        return { ...state, unreadable: unreadableBy(state.unreadable ?? null, event.failure, event.at) };
    }
  }

  protected override noticesOf(state: TransferState): readonly Notice[] {
    return transferNotices(state);
  }

  protected standingOf({ status }: TransferState) {
    return { status };
  }

  protected eventOf(_: StripeOperation, outcome: OperationOutcome): TransferEvent | null {
    switch (outcome.type) {
      case 'transfer':
        return { type: 'paid', transfer: outcome.transfer };
      case 'adjustment':
        return { type: 'reversed', reversal: reversalOf(outcome.adjustment) };
      case 'refused':
        return null;
      default:
        throw new IllegalTransition(`a transfer cannot end as ${outcome.type}`);
    }
  }

  protected isBegunBy({ operation }: StripeOperation): boolean {
    return operation === 'transfer';
  }
}

/** Once, however often its outcome is found. */
function withReversal(state: TransferState, reversal: TransferReversal): TransferState {
  const others = state.reversals.filter(({ id }) => id !== reversal.id);
  return { ...state, reversals: [reversal, ...others] };
}

function reversalOf({ id, amount, currency, createdAt }: Adjustment): TransferReversal {
  return { id, amount, currency, createdAt };
}

/**
 * A reopened transfer continues its event numbers. If the last one is forgotten, it starts from the current time in
 * seconds.
 */
function firstPublished(
  { announced }: TransferInput,
  reopened: ReopenedTransferInput['reopened'] | undefined,
): Published<TransferStanding> {
  const wanted = announced ?? false;
  if (reopened?.memory) return { ...reopened.memory.published, wanted };
  if (!reopened) return nothingPublished(TRANSFER_EVENTS, wanted);
  const first = nothingPublished(TRANSFER_EVENTS, wanted, Math.floor(workflowNow() / SECOND_MS));
  const reversals = (reopened.reversals ?? []).map(({ id }) => id);
  return { ...first, standing: { ...first.standing, status: 'paid', reversals } };
}

/** Temporal may have forgotten it, but Stripe shows that it was paid. */
function memoryOf(
  { pay: { commandId, requestHash, requestId } }: TransferInput,
  { memory }: ReopenedTransferInput['reopened'],
): Partial<CommandSnapshot> {
  if (memory) return upgrade('transfer_memory', memory);
  return { commands: [{ commandId, requestHash, requestId, outcome: 'done', problem: null }] };
}
