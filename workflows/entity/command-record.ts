import type { Usual } from '../../contract/brief.ts';
import type { SettledAnswer } from '../../contract/command-messages.ts';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { CommandEnvelope, CommandResult, RunningCommand } from '../../domain/commands/command.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import type { Timeline, TimelineEntry } from '../../domain/commands/timeline.ts';
import { EMPTY_TIMELINE, record } from '../../domain/commands/timeline.ts';
import type { Problem } from '../../domain/errors.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import { backoffMs, MINUTE_MS, workflowNow } from '../shared/time.ts';
import type { BegunKind } from './command-memory.ts';
import { CommandMemory } from './command-memory.ts';
import { operationSummary } from './operation-summary.ts';
import type { FailedReads } from './readings.ts';

/** An operation that waits for an operator. */
export interface BlockedOperation {
  readonly operation: StripeOperation;
  readonly command: CommandEnvelope;
  /** The cause may go away: repeating it later may help. */
  readonly transient: boolean;
  /** Stripe refuses to say whether it was done, as of an account that was disconnected: until it says so, nothing is repeated. */
  readonly isUnseen?: true;
  /** Milliseconds since the epoch. Until then an attempt that outlived its budget may reach Stripe. */
  readonly quietAt: number;
  readonly probes: number;
  /** Milliseconds since the epoch. */
  readonly nextProbeAt: number;
}

/** What continue-as-new carries over. */
export interface CommandSnapshot {
  readonly timeline: Timeline;
  readonly commands: readonly (CommandResult | RunningCommand)[];
  readonly blocked: BlockedOperation | null;
  readonly failedReads: FailedReads | null;
}

type Note = Pick<TimelineEntry, 'type' | 'name'> &
  Partial<Pick<TimelineEntry, 'actor' | 'detail' | 'stripeId' | 'stripeRequestId'>> & {
    cause: CommandEnvelope | null;
  };

const FIRST_PROBE_MS = MINUTE_MS;
const PROBE_MAX_MS = 15 * MINUTE_MS;

/** What a workflow remembers of its commands: how each stands, what is stuck, and the timeline. */
export abstract class CommandRecord<State = unknown> {
  #timeline: Timeline;
  readonly #commands: CommandMemory;
  #blocked: BlockedOperation | null;
  #failedReads: FailedReads | null;
  #refusal: Problem | null = null;
  readonly #replayed = new Set<string>();
  /** Called when the first attempt of an operation failed, and it is retried. */
  whenDelayed: () => void = () => {};
  /** Called when a message was refused: no work follows from it. */
  whenRefused: () => void = () => {};
  /** Why an operation that is stuck is not to be done any more; null: it is. */
  whyNeedless: (operation: StripeOperation) => Problem | null = () => null;

  constructor(carried: Partial<CommandSnapshot> | undefined) {
    this.#timeline = carried?.timeline ?? EMPTY_TIMELINE;
    this.#commands = new CommandMemory(carried?.commands);
    this.#blocked = carried?.blocked ?? null;
    this.#failedReads = carried?.failedReads ?? null;
  }

  /** What it was started with. `retryBudgetMs`: how long an operation is retried before it needs attention. */
  abstract readonly input: { readonly policy: { readonly retryBudgetMs: number } };

  /** Of the amounts that its operations name without one; null: they name none. */
  protected readonly currency: string | null = null;

  /** What most states have: left out of what its updates answer. */
  abstract readonly usual: Usual<State>;

  /** Whether nothing more can happen, and nothing waits for an operator. */
  abstract get mayComplete(): boolean;

  /** What an operator has to look at. */
  abstract get attention(): Attention | null;

  /** Null: no operator has to look any more. */
  abstract showAttention(attention: Attention | null, cause: CommandEnvelope | null): void;

  /** When what is stuck is looked at again; in milliseconds since the epoch. */
  abstract showNextProbe(at: number): void;

  /** Null: no operation is on its way. */
  abstract showPending(pending: PendingOperation | null): void;

  /**
   * Records how an operation ended. Throws IllegalTransition if that contradicts the known state; then nothing has
   * changed.
   */
  abstract applyOutcome(
    command: CommandEnvelope,
    operation: StripeOperation,
    outcome: OperationOutcome,
  ): void;

  /** Records that an operator gave up an operation that had no effect. */
  abstract abandon(operation: StripeOperation, cause: CommandEnvelope): void;

  /** A command's result together with what it left behind. */
  protected abstract answerWith(result: CommandResult): SettledAnswer<State>;

  /** What Temporal's UI says of an operation. */
  summaryOf(operation: StripeOperation): string {
    return operationSummary(operation, this.currency);
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  /** The operation that waits for an operator. */
  get blocked(): BlockedOperation | null {
    return this.#blocked;
  }

  /** The last reads that failed; null: the last one did not. */
  get failedReads(): FailedReads | null {
    return this.#failedReads;
  }

  /** Reads as soon as there is nothing else to do, in this run or the next. */
  readAtOnce(): void {
    this.#failedReads = { since: workflowNow(), count: 0 };
  }

  noteRead(succeeded: boolean, passes = true): void {
    const { since, count } = this.#failedReads ?? { since: workflowNow(), count: 0 };
    const failed = { since, count: count + 1, ...(passes ? {} : { isRefused: true as const }) };
    this.#failedReads = succeeded ? null : failed;
  }

  /** Why Stripe refused what this workflow is for: nothing of it exists there. */
  get refusal(): Problem | null {
    return this.#refusal;
  }

  note({
    type,
    name,
    cause,
    actor = 'waybill',
    detail = null,
    stripeId = null,
    stripeRequestId = null,
  }: Note): void {
    this.#timeline = record(this.#timeline, {
      at: workflowNow(),
      type,
      name,
      actor: cause?.actor ?? actor,
      cause: cause?.commandId ?? null,
      detail,
      stripeId,
      stripeRequestId,
    });
  }

  /** A signal has no caller to answer, so the timeline says what is wrong with it. */
  noteRefusedSignal(signal: string, cause: CommandEnvelope | null, detail: string): void {
    this.note({ type: 'command', name: `${signal} refused`, actor: 'temporal', cause, detail });
    this.whenRefused();
  }

  /** How a command stands; null if it is not known. */
  command(commandId: string): CommandResult | RunningCommand | null {
    return this.#commands.get(commandId);
  }

  begin(kind: BegunKind, command: CommandEnvelope & { readonly reason?: string | null | undefined }): void {
    const { commandId, requestHash, requestId, reason: detail = null } = command;
    this.#commands.remember({ commandId, requestHash, requestId, outcome: 'running' });
    this.note({ type: 'command', name: kind, cause: command, detail });
  }

  /** A refusal is stored too: a repeat of its key is never carried out later. */
  refuseCommand(kind: BegunKind, command: CommandEnvelope, why: Problem): void {
    this.note({ type: 'command', name: `${kind} refused`, cause: command, detail: why.detail });
    this.endCommand(command, 'refused', why);
    this.whenRefused();
  }

  /** The answer says that an earlier request had the command's effect. */
  noteReplay({ commandId }: CommandEnvelope): void {
    this.#replayed.add(commandId);
  }

  endCommand(
    command: CommandEnvelope,
    outcome: CommandResult['outcome'],
    problem: Problem | null = null,
  ): void {
    const { commandId, requestHash, requestId } = command;
    const replayed = this.#replayed.has(commandId) ? { replayed: true as const } : {};
    this.#commands.remember({ commandId, requestHash, requestId, outcome, problem, ...replayed });
    if (outcome === 'refused' && problem) this.#noteRefusal(command, problem);
  }

  /** The result of a command; null while it is running. */
  result(commandId: string): CommandResult | null {
    return this.#commands.result(commandId);
  }

  /** The answer to the caller of a command that has ended. */
  answer(commandId: string): SettledAnswer<State> {
    const result = this.result(commandId);
    if (!result) throw new IllegalTransition(`command ${commandId} has no result yet`);
    return this.answerWith(result);
  }

  /** Keeps an operation for an operator. Its probes come at growing distances, counted from `before`. */
  block(stuck: Omit<BlockedOperation, 'probes' | 'nextProbeAt'>, before = this.#blocked): void {
    const probes = before ? before.probes + 1 : 0;
    const nextProbeAt = workflowNow() + backoffMs(probes, FIRST_PROBE_MS, PROBE_MAX_MS);
    this.#blocked = { ...stuck, probes, nextProbeAt };
    this.showNextProbe(nextProbeAt);
  }

  /** What continues when Stripe answers again: the stuck operation, or a read. Null: nothing. */
  get awaitsStripe(): string | null {
    if (this.#blocked && isPassing(this.#blocked)) return this.#blocked.operation.operation;
    return this.#failedReads && this.#failedReads.count > 0 && !this.#failedReads.isRefused ? 'read' : null;
  }

  /** Stripe answers again: what waited is due now. */
  resume(): void {
    const now = workflowNow();
    if (this.#blocked && isPassing(this.#blocked)) {
      this.#blocked = { ...this.#blocked, nextProbeAt: now };
      this.showNextProbe(now);
    }
    if (this.#failedReads) this.#failedReads = { ...this.#failedReads, dueAt: now };
  }

  /** Drops what was noted since. */
  rewindTimeline(timeline: Timeline): void {
    this.#timeline = timeline;
  }

  unblock(cause: CommandEnvelope | null): void {
    this.#blocked = null;
    this.showAttention(null, cause);
  }

  protected refuseAll(why: Problem): void {
    this.#refusal = why;
  }

  protected carry(): CommandSnapshot {
    return {
      timeline: this.#timeline,
      commands: this.#commands.all(),
      blocked: this.#blocked,
      failedReads: this.#failedReads,
    };
  }

  /** Unless the call to Stripe just noted says so already. */
  #noteRefusal(command: CommandEnvelope, { detail, stripeRequestId }: Problem): void {
    const { entries } = this.#timeline;
    const last = entries.at(-1);
    if (last?.cause === command.commandId && last.detail === detail) return;
    const begun = entries.find(({ type, cause }) => type === 'command' && cause === command.commandId);
    const name = `${begun?.name ?? 'command'} refused`;
    this.note({ type: 'command', name, cause: command, detail, stripeRequestId: stripeRequestId ?? null });
  }
}

/** Whether it goes on once Stripe answers. */
function isPassing({ transient, isUnseen }: BlockedOperation): boolean {
  return transient && !isUnseen;
}
