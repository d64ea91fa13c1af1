import { workflowInfo } from '@temporalio/workflow';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { PayoutAnswer, PayoutInput } from '../../contract/payouts.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { ReadingFailure } from '../../domain/attention/reading.ts';
import type { Cancel, CommandEnvelope, CommandResult, Resolve } from '../../domain/commands/commands.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import type { Payout, PayoutEvent, PayoutFacts } from '../../domain/payouts/payout.ts';
import { newPayout, payoutTransition, stripePayoutOf } from '../../domain/payouts/payout.ts';
import { explainFailure } from '../../domain/payouts/payout-failures.ts';
import type { CommandSnapshot } from '../entity/command-record.ts';
import { CommandRecord } from '../entity/command-record.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry } from '../shared/snapshots.ts';
import { workflowNow } from '../shared/time.ts';

export type PayoutCommand = CommandEnvelope & (Cancel | Resolve);

/** All that a payout is, as plain data: what continue-as-new carries over. Times in milliseconds since the epoch. */
export interface PayoutSnapshot extends CommandSnapshot {
  readonly payout: Payout;
  readonly attempts: number;
  readonly since: number;
  readonly readings: number;
}

/** A payout with its memory. */
export class PayoutRecord extends CommandRecord<PayoutAnswer> {
  readonly input: PayoutInput;
  #payout: Payout;
  #watched = false;
  #attempts: number;
  #since: number;
  #readings: number;

  constructor(input: PayoutInput, carried: PayoutSnapshot | undefined) {
    super(carried);
    this.input = input;
    const createdAt = workflowInfo().startTime.getTime();
    this.#payout = carried?.payout ?? newPayout(input.terms, createdAt, input.livemode);
    this.#attempts = carried?.attempts ?? 0;
    this.#since = carried?.since ?? workflowNow();
    this.#readings = carried?.readings ?? 0;
  }

  get payout(): Payout {
    return this.#payout;
  }

  get attention(): Attention | null {
    return this.#payout.attention;
  }

  /** How often Stripe refused to create it for lack of funds: such an answer spends its idempotency key. */
  get attempts(): number {
    return this.#attempts;
  }

  /** When it came to its present status. */
  get since(): number {
    return this.#since;
  }

  /** How often it was looked at since then because a timer fired. */
  get readings(): number {
    return this.#readings;
  }

  countReading(): void {
    this.#readings += 1;
  }

  /** A paid payout was watched long enough. */
  endWatch(): void {
    this.#watched = true;
  }

  get isClosed(): boolean {
    if (this.blocked || this.attention) return false;
    const { state } = this.#payout;
    if (this.refusal || state.status === 'canceled') return true;
    return state.status === 'failed' ? this.#payout.failureAccepted : this.#watched;
  }

  /** Applies an event; throws what the transition throws, and then nothing has changed. */
  apply(event: PayoutEvent, cause: CommandEnvelope | null): void {
    const before = this.#payout.state;
    this.#payout = payoutTransition(this.#payout, event);
    const after = this.#payout.state;
    if (before.status === after.status && idOf(before) === idOf(after)) return;
    this.#since = workflowNow();
    this.#readings = 0;
    this.note({ type: 'state', name: after.status, cause, stripeId: idOf(after) });
    this.#raiseFailure(cause);
  }

  /** Records what Stripe shows of the payout now. */
  observe(payout: PayoutFacts): void {
    this.apply({ type: 'payout_observed', payout }, null);
  }

  /** It can no longer be read from Stripe, or (null) it can again. */
  noteUnreadable(failure: ReadingFailure | null): void {
    if (failure && this.#payout.unreadable === null) {
      this.note({ type: 'attention', name: 'reading_failed', cause: null, detail: failure.message });
    }
    this.apply({ type: 'reading_failed', failure, at: workflowNow() }, null);
  }

  showAttention(attention: Attention | null, cause: CommandEnvelope | null): void {
    this.apply(attention ? { type: 'attention_raised', attention } : { type: 'attention_cleared' }, cause);
    if (!attention) this.#raiseFailure(cause);
  }

  showPending(pending: PendingOperation | null): void {
    this.#payout = { ...this.#payout, pending };
  }

  absorb(command: CommandEnvelope, { operation }: StripeOperation, outcome: OperationOutcome): void {
    const event = this.#eventOf(operation, outcome);
    if (event) this.apply(event, command);
    const { stripeRequestId } = outcome;
    const detail = 'problem' in outcome ? outcome.problem.detail : null;
    this.note({
      type: 'stripe_call',
      name: operation,
      cause: command,
      detail,
      stripeId: stripePayoutOf(this.#payout)?.id ?? null,
      stripeRequestId,
    });
    this.#conclude(command, operation, outcome);
  }

  abandon({ operation }: StripeOperation, cause: CommandEnvelope): void {
    const { status } = this.#payout.state;
    if (operation === 'payout' && status !== 'failed') this.apply({ type: 'called_off' }, cause);
  }

  protected answerWith(result: CommandResult): PayoutAnswer {
    return { result, payout: this.#payout };
  }

  snapshot(): Versioned<PayoutSnapshot> {
    const { payout, attempts, since, readings } = this;
    return carry('payout', { ...this.carry(), payout, attempts, since, readings });
  }

  #eventOf(operation: StripeOperation['operation'], outcome: OperationOutcome): PayoutEvent | null {
    const { state, terms } = this.#payout;
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

  /** Settles the command, and what a refusal means for the payout. */
  #conclude(
    command: CommandEnvelope,
    operation: StripeOperation['operation'],
    outcome: OperationOutcome,
  ): void {
    const { state } = this.#payout;
    if (outcome.type === 'funds_missing') this.#attempts += 1;
    if (operation === 'cancel_payout' && state.status !== 'canceled') {
      const why = `The payout is already ${state.status} and cannot be canceled.`;
      this.settle(
        command,
        'refused',
        'problem' in outcome ? outcome.problem : problem('state_conflict', why),
      );
    } else if (!('problem' in outcome)) {
      if (state.status !== 'failed') this.showAttention(null, command);
      this.settle(command, 'done');
    } else if (state.status === 'waiting_for_funds') {
      this.#concludeWaiting(command, outcome);
    } else {
      if (state.status === 'creating') {
        this.refuseAll(outcome.problem);
        this.apply({ type: 'called_off' }, command);
      }
      this.settle(command, 'refused', outcome.problem);
    }
  }

  /** Refused for another reason than funds, it waits for an operator: its caller got the answer long ago that it will be paid. */
  #concludeWaiting(command: CommandEnvelope, outcome: OperationOutcome & { problem: Problem }): void {
    if (outcome.type === 'funds_missing') {
      this.settle(command, 'done');
      return;
    }
    const { detail, stripeRequestId = null } = outcome.problem;
    this.#attend('payout_refused', detail, stripeRequestId);
    if (!this.result(command.commandId)) this.settle(command, 'refused', outcome.problem);
  }

  /** A failed payout waits for an operator until one has decided what becomes of the money. */
  #raiseFailure(cause: CommandEnvelope | null): void {
    const { state, failureAccepted, attention } = this.#payout;
    if (state.status !== 'failed' || failureAccepted || attention) return;
    const { why, todo } = explainFailure(state.payout);
    this.note({ type: 'attention', name: 'payout', cause, detail: `payout_failed: ${why}` });
    this.#attend('payout_failed', `${why} The money is back in the account’s balance. ${todo}`, null);
  }

  #attend(code: string, message: string, stripeRequestId: string | null): void {
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
    this.#payout = payoutTransition(this.#payout, { type: 'attention_raised', attention });
  }
}

function idOf(state: Payout['state']): string | null {
  return 'payout' in state ? (state.payout?.id ?? null) : null;
}
