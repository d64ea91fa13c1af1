import type { SettledAnswer } from '../../contract/command-messages.ts';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { Notice } from '../../domain/attention/notice.ts';
import type { ReadingFailure } from '../../domain/attention/reading.ts';
import type { CommandEnvelope, CommandResult } from '../../domain/commands/command.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import type { Problem } from '../../domain/errors.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import { newNotices, openNotices } from '../../domain/orders/notices.ts';
import type { Published } from '../../domain/outgoing-events/outgoing-event.ts';
import type { Asks } from '../shared/need-attributes.ts';
import { workflowNow } from '../shared/time.ts';
import { measureEnded } from './attention-duration.ts';
import type { CommandSnapshot } from './command-record.ts';
import { CommandRecord } from './command-record.ts';
import type { Outbox } from './outbox.ts';
import { summaryOf } from './outcome-summary.ts';
import type { Timer } from './timer.ts';

/** What the state of every entity holds. */
export interface EntityState {
  readonly pending: PendingOperation | null;
  readonly attention: Attention | null;
  /** Absent: it is never read from Stripe. */
  readonly unreadable?: ReadingFailure | null;
}

/** What continue-as-new carries over of every entity. */
export interface EntitySnapshot<Compared> extends CommandSnapshot {
  readonly published: Published<Compared>;
}

/** What can happen to every entity. */
export type EntityEvent =
  | { readonly type: 'attention_raised'; readonly attention: Attention }
  | { readonly type: 'attention_cleared' }
  /** `failure`: null if it was read again. `at`: milliseconds since the epoch. */
  | { readonly type: 'reading_failed'; readonly failure: ReadingFailure | null; readonly at: number }
  /** Nothing of it is or will be at Stripe. */
  | { readonly type: 'given_up' };

/** What the timeline says of a change of state. */
interface Standing {
  readonly status: string;
  readonly stripeId?: string | null;
}

/**
 * An order, account, payout or transfer with its memory. Every change goes through `apply`, so that none is missing in
 * the timeline.
 */
export abstract class EntityRecord<State extends EntityState, Event, Compared> extends CommandRecord<State> {
  readonly #outbox: Outbox<State, Compared>;
  /** An operation was retried: its caller may not have waited for what came of it. */
  #wasDelayed = false;
  #state: State;

  constructor(state: State, outbox: Outbox<State, Compared>, carried: Partial<CommandSnapshot> | undefined) {
    super(carried);
    this.#state = state;
    this.#outbox = outbox;
  }

  /** Whether nothing more can happen to it, and nothing waits for an operator. */
  protected abstract get isOver(): boolean;

  /** The state after an event. Pure; throws IllegalTransition for one that contradicts it. */
  protected abstract transition(state: State, event: Event | EntityEvent): State;

  /** `stripeId`: where another object may come to the same status. */
  protected abstract standingOf(state: State): Standing;

  /** What an outcome means for it; null: nothing. Throws IllegalTransition for one that no operation of it can have. */
  protected abstract eventOf(operation: StripeOperation, outcome: OperationOutcome): Event | null;

  /** Whether the entity begins with this operation: if that is refused, nothing of it exists. */
  protected abstract isBegunBy(operation: StripeOperation): boolean;

  /** What people have to look at though nothing is stuck. */
  protected noticesOf(_: State): readonly Notice[] {
    return [];
  }

  /** Its status has just changed. */
  protected onStatus(_cause: CommandEnvelope | null): void {}

  protected onNotice(_: Notice): void {}

  protected answerWith(result: CommandResult): SettledAnswer<State> {
    return { result, state: this.#state };
  }

  get state(): State {
    return this.#state;
  }

  /** Its last events have been handed over, too. */
  get mayComplete(): boolean {
    return this.isOver && this.#outbox.isEmpty;
  }

  get published(): Published<Compared> {
    return this.#outbox.published;
  }

  /** There is a subscriber to its events. */
  subscribe(): void {
    this.#outbox.subscribe();
  }

  /** Of what Stripe refused at once only its caller knows, by the answer; nothing of it exists. */
  async publishEvents(whenHandedOver: () => void): Promise<void> {
    const isKnown = !this.refusal || this.#wasDelayed || this.#outbox.hasAnnounced;
    if (isKnown) await this.#outbox.publish(this.#state, whenHandedOver);
  }

  publishTimers(): readonly Timer[] {
    return this.#outbox.timers();
  }

  get attention(): Attention | null {
    return this.#state.attention;
  }

  get pending(): PendingOperation | null {
    return this.#state.pending;
  }

  get unreadable(): ReadingFailure | null {
    return this.#state.unreadable ?? null;
  }

  get notices(): readonly Notice[] {
    return this.noticesOf(this.#state);
  }

  /** Throws what the transition throws, and then nothing has changed. */
  apply(event: Event | EntityEvent, cause: CommandEnvelope | null): void {
    const before = this.#state;
    this.#state = this.transition(before, event);
    for (const notice of newNotices(this.noticesOf(before), this.notices)) {
      const { code: name, message: detail, subject: stripeId } = notice;
      this.note({ type: 'attention', name, cause, detail, stripeId });
      this.onNotice(notice);
    }
    measureEnded(this.#needsOf(before), this.#needsOf(this.#state));
    const [was, is] = [this.standingOf(before), this.standingOf(this.#state)];
    if (was.status === is.status && was.stripeId === is.stripeId) return;
    this.note({ type: 'state', name: is.status, cause, stripeId: is.stripeId ?? null });
    this.onStatus(cause);
  }

  applyOutcome(command: CommandEnvelope, operation: StripeOperation, outcome: OperationOutcome): void {
    this.note({ type: 'stripe_call', name: operation.operation, cause: command, ...summaryOf(outcome) });
    const event = this.eventOf(operation, outcome);
    if (event) this.apply(event, command);
    this.endBy(command, operation, outcome);
  }

  /** How an outcome ends the command. */
  protected endBy(command: CommandEnvelope, operation: StripeOperation, outcome: OperationOutcome): void {
    if (outcome.type === 'refused') this.refuse(command, operation, outcome.problem);
    else this.endCommand(command, 'done');
  }

  protected refuse(command: CommandEnvelope, operation: StripeOperation, why: Problem): void {
    if (this.isBegunBy(operation)) this.refuseBeginning(command, why);
    else this.endCommand(command, 'refused', why);
  }

  /** Nothing of the entity exists then. */
  refuseBeginning(command: CommandEnvelope, why: Problem): void {
    this.endCommand(command, 'refused', why);
    this.giveUp(why, command);
  }

  protected giveUp(why: Problem, cause: CommandEnvelope): void {
    this.refuseAll(why);
    this.apply({ type: 'given_up' }, cause);
  }

  /** Records what Stripe shows. A contradiction changes only the timeline. */
  observe(event: Event): void {
    try {
      this.apply(event, null);
    } catch (error) {
      if (!(error instanceof IllegalTransition)) throw error;
      this.note({ type: 'event', name: 'contradiction', cause: null, detail: error.message });
    }
  }

  showAttention(attention: Attention | null, cause: CommandEnvelope | null): void {
    this.apply(attention ? { type: 'attention_raised', attention } : { type: 'attention_cleared' }, cause);
  }

  showNextProbe(nextProbeAt: number): void {
    const { attention } = this.#state;
    if (attention) this.#state = { ...this.#state, attention: { ...attention, nextProbeAt } };
  }

  showPending(pending: PendingOperation | null): void {
    if (pending?.failure) this.#wasDelayed = true;
    this.#state = { ...this.#state, pending };
  }

  /** It can no longer be read from Stripe, or (null) it can again. */
  noteUnreadable(failure: ReadingFailure | null): void {
    this.apply({ type: 'reading_failed', failure, at: workflowNow() }, null);
  }

  protected override carry(): EntitySnapshot<Compared> {
    return { ...super.carry(), published: this.published };
  }

  #needsOf(state: State): readonly Asks[] {
    const notices = openNotices(this.noticesOf(state));
    return state.attention ? [state.attention, ...notices] : notices;
  }
}
