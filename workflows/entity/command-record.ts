import { CancellationScope, condition } from '@temporalio/workflow';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { AccountCommandKind } from '../../domain/accounts/account-commands.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type {
  CommandEnvelope,
  CommandKind,
  CommandResult,
  RunningCommand,
} from '../../domain/commands/commands.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import type { Timeline, TimelineEntry } from '../../domain/commands/timeline.ts';
import { EMPTY_TIMELINE, record } from '../../domain/commands/timeline.ts';
import type { Problem, StripeFailure } from '../../domain/errors.ts';
import type { Operation } from '../../domain/ids.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import { backoffMs, MINUTE_MS, workflowNow } from '../shared/time.ts';
import type { FailedReads } from './failed-reads-state.ts';

/** An operation that waits for an operator, and what it takes to go on with it. */
export interface BlockedOperation {
  readonly operation: StripeOperation;
  readonly command: CommandEnvelope;
  /** The cause may go away: repeating it later may help. */
  readonly transient: boolean;
  /** Milliseconds since the epoch: until then an attempt that outlived its budget may reach Stripe. */
  readonly quietAt: number;
  readonly probes: number;
  /** Milliseconds since the epoch. */
  readonly nextProbeAt: number;
}

/** What a workflow with commands remembers, as plain data: continue-as-new carries it over. */
export interface CommandSnapshot {
  readonly timeline: Timeline;
  readonly commands: readonly (CommandResult | RunningCommand)[];
  readonly blocked: BlockedOperation | null;
  readonly failedReads: FailedReads | null;
}

/** What a command begins: a caller's command, or something the workflow does on its own. */
export type Begun = CommandKind | AccountCommandKind | Operation | 'pay' | 'pay_out';

type Note = Pick<TimelineEntry, 'type' | 'name'> &
  Partial<Pick<TimelineEntry, 'actor' | 'detail' | 'stripeId' | 'stripeRequestId'>> & {
    cause: CommandEnvelope | null;
  };

const FIRST_PROBE_MS = MINUTE_MS;
const PROBE_MAX_MS = 15 * MINUTE_MS;

/** How many commands are remembered for repeats; the oldest go first, but for the one that created the workflow. */
const COMMANDS_MAX = 200;

/**
 * The memory of a workflow that carries out commands by operations at Stripe: which commands came and how they ended,
 * what is stuck, and the timeline of all of it.
 */
export abstract class CommandRecord<Answer = unknown> {
  #timeline: Timeline;
  #commands: Map<string, CommandResult | RunningCommand>;
  #blocked: BlockedOperation | null;
  #failedReads: FailedReads | null;
  #refusal: Problem | null = null;
  readonly #replayed = new Set<string>();
  /** Called once an operation takes longer: its first attempt failed. */
  whenDelayed: () => void = () => {};

  constructor(carried: Partial<CommandSnapshot> | undefined) {
    this.#timeline = carried?.timeline ?? EMPTY_TIMELINE;
    this.#commands = new Map(carried?.commands?.map((known) => [known.commandId, known]));
    this.#blocked = carried?.blocked ?? null;
    this.#failedReads = carried?.failedReads ?? null;
  }

  /** Whether nothing more can happen, and nothing waits for an operator. */
  abstract get isClosed(): boolean;

  /** What an operator has to look at, as it is shown. */
  abstract get attention(): Attention | null;

  /** Shows that an operator has to look, or (null) no longer has to. */
  abstract showAttention(attention: Attention | null, cause: CommandEnvelope | null): void;

  /** Shows the operation that is on its way, or (null) that none is. */
  abstract showPending(pending: PendingOperation | null): void;

  /** Records how an operation ended. Throws IllegalTransition if that contradicts what is known; nothing has changed then. */
  abstract absorb(command: CommandEnvelope, operation: StripeOperation, outcome: OperationOutcome): void;

  /** Records that an operator gave up an operation that had no effect. */
  abstract abandon(operation: StripeOperation, cause: CommandEnvelope): void;

  /** A command's result together with what it left behind. */
  protected abstract answerWith(result: CommandResult): Answer;

  get timeline(): Timeline {
    return this.#timeline;
  }

  /** The operation that waits for an operator. */
  get blocked(): BlockedOperation | null {
    return this.#blocked;
  }

  /** The last readings that failed; null: the last one did not. */
  get failedReads(): FailedReads | null {
    return this.#failedReads;
  }

  /** Whoever goes on from here reads at once. */
  readAtOnce(): void {
    this.#failedReads = { since: workflowNow(), count: 0 };
  }

  /** How the reading ended that has just been made. */
  noteRead(succeeded: boolean): void {
    const { since, count } = this.#failedReads ?? { since: workflowNow(), count: 0 };
    this.#failedReads = succeeded ? null : { since, count: count + 1 };
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

  /** A bad signal has no caller who waits for an answer, so the timeline records it. */
  noteRefusedSignal(signal: string, cause: CommandEnvelope | null, detail: string): void {
    this.note({ type: 'command', name: `${signal} refused`, actor: 'temporal', cause, detail });
  }

  /** An operation is on its way from here until its outcome is recorded. `run`: reports a first attempt that failed. */
  async whilePending<T>(
    { operation, operationId }: Pick<StripeOperation, 'operation' | 'operationId'>,
    command: CommandEnvelope,
    run: (onDelay: (failure: StripeFailure) => void) => Promise<T>,
  ): Promise<T> {
    const pending = { operation, operationId, since: workflowNow() };
    this.showPending({ ...pending, failure: null });
    try {
      return await run((failure) => {
        const { code, message, stripeRequestId } = failure;
        const detail = `${code}: ${message} It is being retried.`;
        this.note({ type: 'stripe_call', name: operation, cause: command, detail, stripeRequestId });
        this.showPending({ ...pending, failure });
        this.whenDelayed();
      });
    } finally {
      this.showPending(null);
    }
  }

  /** How a command stands; null if it is not known. */
  command(commandId: string): CommandResult | RunningCommand | null {
    return this.#commands.get(commandId) ?? null;
  }

  begin(kind: Begun, command: CommandEnvelope & { readonly reason?: string | null }): void {
    const { commandId, requestHash, requestId, reason: detail = null } = command;
    this.#remember({ commandId, requestHash, requestId, outcome: 'running' });
    this.note({ type: 'command', name: kind, cause: command, detail });
  }

  /** A refusal is an answer too: the same key never carries out later what was answered as refused. */
  refuseCommand(kind: Begun, command: CommandEnvelope, why: Problem): void {
    this.note({ type: 'command', name: `${kind} refused`, cause: command, detail: why.detail });
    this.settle(command, 'refused', why);
  }

  /** What the command asks for was brought about by an earlier request: its answer says so. */
  noteReplay({ commandId }: CommandEnvelope): void {
    this.#replayed.add(commandId);
  }

  settle(command: CommandEnvelope, outcome: CommandResult['outcome'], problem: Problem | null = null): void {
    const { commandId, requestHash, requestId } = command;
    const replayed = this.#replayed.has(commandId) ? { replayed: true as const } : {};
    this.#remember({ commandId, requestHash, requestId, outcome, problem, ...replayed });
    if (outcome === 'refused' && problem) this.#noteRefusal(command, problem);
  }

  /** The result of a command; null while it is running. */
  result(commandId: string): CommandResult | null {
    const known = this.#commands.get(commandId);
    return known && known.outcome !== 'running' ? known : null;
  }

  /** Waits for that result, also if Temporal was asked to cancel the workflow: what was begun is carried out. */
  async settled(commandId: string): Promise<void> {
    await CancellationScope.nonCancellable(() => condition(() => this.result(commandId) !== null));
  }

  /** The answer to the caller of a settled command. */
  answer(commandId: string): Answer {
    const result = this.result(commandId);
    if (!result) throw new IllegalTransition(`command ${commandId} has no result yet`);
    return this.answerWith(result);
  }

  /** Keeps an operation for an operator, and says when it is looked up next: later each time, `before` included. */
  block(
    stuck: Pick<BlockedOperation, 'operation' | 'command' | 'transient' | 'quietAt'>,
    before = this.#blocked,
  ): void {
    const probes = before ? before.probes + 1 : 0;
    const nextProbeAt = workflowNow() + backoffMs(probes, FIRST_PROBE_MS, PROBE_MAX_MS);
    this.#blocked = { ...stuck, probes, nextProbeAt };
  }

  /** Takes back what was noted since: it had no effect. */
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
      commands: [...this.#commands.values()],
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
    this.note({
      type: 'command',
      name,
      cause: command,
      detail,
      ...(stripeRequestId ? { stripeRequestId } : {}),
    });
  }

  #remember(command: CommandResult | RunningCommand): void {
    this.#commands.set(command.commandId, command);
    if (this.#commands.size <= COMMANDS_MAX) return;
    const [, ...later] = this.#commands.values();
    const oldest = later.find(({ outcome }) => outcome !== 'running');
    if (oldest) this.#commands.delete(oldest.commandId);
  }
}

export function isEnded(command: CommandResult | RunningCommand): command is CommandResult {
  return command.outcome !== 'running';
}
