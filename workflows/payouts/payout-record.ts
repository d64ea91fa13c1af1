import { workflowInfo } from '@temporalio/workflow';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { PayoutInput } from '../../contract/payouts.ts';
import { USUAL_PAYOUT } from '../../contract/payouts.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { Approval } from '../../domain/commands/approval.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import { nothingPublished } from '../../domain/outgoing-events/announce.ts';
import type { PayoutStanding } from '../../domain/outgoing-events/payout-events.ts';
import { PAYOUT_EVENTS } from '../../domain/outgoing-events/payout-events.ts';
import type { Payout, PayoutEvent } from '../../domain/payouts/payout.ts';
import { newPayout, payoutTransition, stripePayoutOf } from '../../domain/payouts/payout.ts';
import type { HeldPayoutCommand } from '../../domain/payouts/payout-command-table.ts';
import { explainFailure, paidOutOnceMore } from '../../domain/payouts/payout-failures.ts';
import { payoutNotices } from '../../domain/payouts/payout-notices.ts';
import type { Approving } from '../entity/approvals.ts';
import type { EntityEvent, EntitySnapshot } from '../entity/entity-record.ts';
import { EntityRecord } from '../entity/entity-record.ts';
import { Outbox } from '../entity/outbox.ts';
import { Rereads } from '../entity/readings.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry } from '../shared/snapshots.ts';
import { workflowNow } from '../shared/time.ts';
import { newTraces } from './payout-traces.ts';

/** What continue-as-new carries over. Times in milliseconds since the epoch. */
export interface PayoutSnapshot extends EntitySnapshot<PayoutStanding> {
  readonly payout: Payout;
  readonly attempts: number;
  readonly since: number;
  readonly readings: number;
}

/** A payout with its memory. */
export class PayoutRecord
  extends EntityRecord<Payout, PayoutEvent, PayoutStanding>
  implements Approving<HeldPayoutCommand>
{
  readonly usual = USUAL_PAYOUT;
  readonly input: PayoutInput;
  /** Since it came to its present status. */
  readonly rereads: Rereads;
  #watched = false;
  #attempts: number;

  constructor(input: PayoutInput, carried: PayoutSnapshot | undefined) {
    const createdAt = workflowInfo().startTime.getTime();
    const published = carried?.published ?? nothingPublished(PAYOUT_EVENTS, input.announced ?? false);
    const outbox = new Outbox(PAYOUT_EVENTS, published);
    super(carried?.payout ?? newPayout(input.terms, createdAt, input.livemode), outbox, carried);
    this.input = input;
    this.#attempts = carried?.attempts ?? 0;
    this.rereads = new Rereads(carried?.since ?? workflowNow(), carried?.readings ?? 0);
  }

  get payout(): Payout {
    return this.state;
  }

  /** How many idempotency keys are spent: each refusal spends one. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Nothing is read any more: it closes as soon as its events are handed over. */
  get isWatchOver(): boolean {
    return this.#watched;
  }

  /** A paid payout was watched long enough. */
  endWatch(): void {
    this.#watched = true;
  }

  get approvals(): readonly Approval<HeldPayoutCommand>[] {
    return this.payout.approvals;
  }

  override apply(event: PayoutEvent | EntityEvent, cause: CommandEnvelope | null): void {
    const before = stripePayoutOf(this.payout);
    super.apply(event, cause);
    for (const entry of newTraces(before, stripePayoutOf(this.payout))) this.note(entry);
  }

  askApproval(approval: Approval<HeldPayoutCommand>): void {
    this.apply({ type: 'approval_asked', approval }, approval.command);
  }

  endApproval(id: string, cause: CommandEnvelope | null): void {
    this.apply({ type: 'approval_ended', id }, cause);
  }

  /** Nobody approved it. A payout that was never made leaves the money in the account's balance. */
  giveUpUnapproved(command: HeldPayoutCommand, why: Problem): void {
    this.endCommand(command, 'refused', why);
    if (command.kind === 'pay_out') this.apply({ type: 'given_up' }, command);
  }

  protected get isOver(): boolean {
    if (this.blocked || this.attention || this.approvals.length > 0) return false;
    const { state, failureAccepted } = this.payout;
    if (this.refusal || state.status === 'canceled') return true;
    return state.status === 'failed' ? failureAccepted : this.#watched;
  }

  override showAttention(attention: Attention | null, cause: CommandEnvelope | null): void {
    super.showAttention(attention, cause);
    // What was stuck is over; that the payout failed still asks for a decision.
    if (!attention) this.#raiseFailure(cause);
  }

  abandon({ operation }: StripeOperation, cause: CommandEnvelope): void {
    const { status } = this.payout.state;
    if (operation === 'payout' && status !== 'failed') this.apply({ type: 'given_up' }, cause);
  }

  snapshot(): Versioned<PayoutSnapshot> {
    const { payout, attempts, rereads } = this;
    const { since, count: readings } = rereads;
    return carry('payout', { ...this.carry(), payout, attempts, since, readings });
  }

  protected transition(payout: Payout, event: PayoutEvent): Payout {
    return payoutTransition(payout, event);
  }

  /** A failed payout is made again as another one, which has the same status. */
  protected standingOf({ state }: Payout) {
    return { status: state.status, stripeId: 'payout' in state ? (state.payout?.id ?? null) : null };
  }

  protected override noticesOf(payout: Payout) {
    return payoutNotices(payout);
  }

  protected override onStatus(cause: CommandEnvelope | null): void {
    this.rereads.restart();
    this.#watched = false;
    this.#raiseFailure(cause);
  }

  protected eventOf({ operation }: StripeOperation, outcome: OperationOutcome): PayoutEvent | null {
    const { state, terms } = this.payout;
    switch (outcome.type) {
      case 'payout': {
        const again = operation === 'payout' && state.status === 'failed';
        return { type: again ? 'paid_out_again' : 'payout_observed', payout: outcome.payout };
      }
      case 'funds_missing':
        return terms.whenAvailable && state.status !== 'failed'
          ? { type: 'funds_awaited', funds: outcome.funds }
          : null;
      case 'refused':
        return null;
      default:
        throw new IllegalTransition(`an operation of a payout cannot end as ${outcome.type}`);
    }
  }

  protected isBegunBy({ operation }: StripeOperation): boolean {
    return operation === 'payout' && this.payout.state.status === 'creating';
  }

  protected override endBy(
    command: CommandEnvelope,
    operation: StripeOperation,
    outcome: OperationOutcome,
  ): void {
    const { status } = this.payout.state;
    const isWaiting = status === 'waiting_for_funds';
    // Not the count of refusals alone: an operator, or a Stripe that failed, may have spent more keys.
    if (operation.operation === 'payout' && 'problem' in outcome) {
      this.#attempts = Math.max(this.#attempts, operation.generation) + 1;
    }
    if (operation.operation === 'cancel_payout' && status !== 'canceled') {
      const why = problem('state_conflict', `The payout is already ${status} and cannot be canceled.`);
      this.endCommand(command, 'refused', 'problem' in outcome ? outcome.problem : why);
    } else if (!('problem' in outcome)) {
      if (status !== 'failed') this.showAttention(null, command);
      this.endCommand(command, 'done');
    } else if (isWaiting && outcome.type === 'funds_missing') {
      this.endCommand(command, 'done');
    } else if (isWaiting) {
      // Its caller expects the payout, so an operator decides.
      const { detail, stripeRequestId = null } = outcome.problem;
      this.#raise('payout_refused', detail, stripeRequestId);
      if (!this.result(command.commandId)) this.endCommand(command, 'refused', outcome.problem);
    } else {
      this.refuse(command, operation, outcome.problem);
    }
  }

  /** A failed payout waits until an operator has decided about the money. */
  #raiseFailure(cause: CommandEnvelope | null): void {
    const { state, failureAccepted, attention } = this.payout;
    if (state.status !== 'failed' || failureAccepted || attention) return;
    const { why, todo } = explainFailure(state.payout, paidOutOnceMore(this.input.terms));
    this.note({ type: 'attention', name: 'payout', cause, detail: `payout_failed: ${why}` });
    this.#raise('payout_failed', `${why} The money is back in the account’s balance. ${todo}`, null);
  }

  #raise(code: string, message: string, stripeRequestId: string | null): void {
    const attention: Attention = {
      operation: 'payout',
      operationId: this.input.payOut.commandId,
      generation: this.#attempts,
      code,
      message,
      stripeRequestId,
      since: workflowNow(),
      allowedActions: ['retry', 'abandon'],
    };
    this.apply({ type: 'attention_raised', attention }, null);
  }
}
