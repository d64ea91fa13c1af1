import {
  ApplicationFailure,
  CancellationScope,
  condition,
  currentUpdateInfo,
  defineSignal,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { BeginningUpdate, BriefAnswer } from '../../contract/command-messages.ts';
import { briefAnswer, commandQuery, timelineQuery, updateOf } from '../../contract/command-messages.ts';
import { announceSignal } from '../../contract/outgoing-events.ts';
import { stripeAnswersSignal, stripeEventSignal } from '../../contract/stripe-events.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import type { CommandMessage } from '../../domain/commands/define-command.ts';
import { refusalOfReuse } from '../../domain/commands/define-command.ts';
import { stripeEventFromSignal } from '../../domain/commands/stripe-event-signal.ts';
import type { Validated } from '../../domain/commands/validate.ts';
import type { Problem } from '../../domain/errors.ts';
import { COMMAND_CARRIED, COMMAND_REFUSED, problem } from '../../domain/errors.ts';
import { workflowNow } from '../shared/time.ts';
import type { WorkQueue } from './command-loop.ts';
import { TIMED_OUT } from './command-loop.ts';
import type { BegunKind } from './command-memory.ts';
import type { CommandRecord } from './command-record.ts';
import type { Timer } from './timer.ts';

/** More than a person or a service has waiting in one place; beyond it a command is refused, never dropped. */
const QUEUE_MAX = 100;
const SEEN_EVENTS_MAX = 200;

/** What comes in: a command, or a fact. */
export type Work<Command, Fact extends { readonly type: string } = never> =
  | { readonly type: 'command'; readonly command: Command }
  | Fact;

/** One of a table of commands, whatever its message holds. */
interface Takeable<Command> {
  readonly update: string;
  readonly isSignal: boolean;
  readonly description: string;
  readonly fromUpdate: (raw: unknown) => Validated<Command>;
  readonly fromSignal: (raw: unknown) => Validated<Command>;
}

type InboxRecord<State> = CommandRecord<State> & { subscribe(): void };

const STRIPE_NEWS = 'stripe_event';

/** Something happened at Stripe. */
export interface StripeNews {
  readonly type: typeof STRIPE_NEWS;
}

/**
 * Takes in every message and gives out one piece of work at a time, so that two commands never interleave. Updates
 * and signals feed the same queue; an update's caller waits until its command has ended.
 */
export class Inbox<
  Command extends CommandEnvelope & { readonly kind: BegunKind },
  State extends object,
  Fact extends { readonly type: string } = never,
> implements WorkQueue<Work<Command, Fact>>
{
  readonly #record: InboxRecord<State>;
  readonly #refusalOf: (command: Command) => Problem | null;
  readonly #queue: Work<Command, Fact>[] = [];
  readonly #seenEvents = new Set<string>();
  #isWoken = false;
  #isEnding = false;

  /** `refusalOf`: why a command that is new is not carried out now; null: it is. */
  constructor(record: InboxRecord<State>, refusalOf: (command: Command) => Problem | null) {
    this.#record = record;
    this.#refusalOf = refusalOf;
    setHandler(timelineQuery, () => record.timeline, { description: 'Every command, Stripe call and state' });
    setHandler(commandQuery, (commandId) => record.command(commandId), {
      description: 'Internal: how a command stands, by its id',
    });
    const resume = () => {
      record.resume();
      this.wake();
    };
    setHandler(stripeAnswersSignal, resume, { description: 'Internal: Stripe answers again' });
    setHandler(announceSignal, () => record.subscribe(), {
      description: 'Internal: somebody subscribes to its events',
    });
  }

  /**
   * The update that comes with the start: its caller waits for what the workflow begins with. One that a reopened order
   * remembers gets its answer again. Whoever means another beginning is refused: the id is taken.
   */
  begins(
    update: BeginningUpdate<State>,
    beginning: CommandEnvelope,
    taken: { readonly kind: 'order' | 'transfer' | 'payout' | 'account'; readonly id: string },
  ): void {
    const isKnown = (id: string) => id === beginning.commandId || this.#record.command(id) !== null;
    setHandler(update, () => this.#answerTo(currentUpdateInfo()?.id ?? beginning.commandId), {
      description: 'Internal: comes with the start',
      validator: () => {
        if (isKnown(currentUpdateInfo()?.id ?? '')) return;
        throwIfRefused(
          problem(`${taken.kind}_exists`, `The ${taken.kind} ${taken.id} already exists.`, { param: 'id' }),
        );
      },
    });
  }

  /**
   * Every command of a table, first by its update and then, where operators may send it so, by a signal. What is wrong with a
   * signal has no caller to go to: the timeline says it.
   */
  takes(commands: Readonly<Record<string, Takeable<Command>>>): void {
    const definitions = Object.values(commands);
    for (const definition of definitions) {
      const { description } = definition;
      const validator = (message: CommandMessage) => {
        const { value, refusal } = definition.fromUpdate(message);
        throwIfRefused(refusal ?? this.#refusalOfReuse(value) ?? this.#noRoom(value));
      };
      setHandler(updateOf<State>(definition), (message) => this.#execute(definition, message), {
        validator,
        description,
      });
    }
    for (const definition of definitions.filter(({ isSignal }) => isSignal)) {
      const { update: name, description } = definition;
      setHandler(defineSignal<[unknown]>(name), (raw) => this.#takeSignal(definition, raw), { description });
    }
  }

  /** Stripe's events; `news` is what they all come to. `whenNew`: what one says that Stripe's objects do not. */
  onStripeEvent(news: Fact & StripeNews, whenNew?: (eventType: string) => void): void {
    const onEvent = (raw: unknown) => {
      const event = stripeEventFromSignal(raw);
      if (!event) {
        this.#record.noteRefusedSignal(stripeEventSignal.name, null, 'It names no event.');
        return;
      }
      const { eventId: stripeId, eventType: name } = event;
      if (!this.#isRepeat(stripeId)) {
        this.#record.note({ type: 'event', name, cause: null, actor: 'stripe', stripeId });
        whenNew?.(name);
      } else if (this.#record.failedReads === null) return;
      // One read shows everything that happened before it.
      if (!this.#queue.some(({ type }) => type === news.type)) this.push(news);
    };
    setHandler(stripeEventSignal, onEvent, {
      description: 'Reads Stripe: an event, or somebody, says that something changed',
    });
  }

  push(work: Work<Command, Fact>): void {
    this.#queue.push(work);
  }

  wake(): void {
    this.#isWoken = true;
  }

  isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  endRun(): void {
    this.#isEnding = true;
  }

  carryOver(): readonly Work<Command, Fact>[] {
    return this.#queue;
  }

  /** What the run before has left to do. */
  takeOver(waiting: readonly Work<Command, Fact>[]): void {
    this.#queue.push(...waiting);
  }

  async next(timer: Timer | null): Promise<Work<Command, Fact> | typeof TIMED_OUT | null> {
    // Commands that are refused make the history longer and leave no work.
    const hasWork = () => this.#isWoken || !this.isEmpty() || workflowInfo().continueAsNewSuggested;
    let isInTime = true;
    if (timer === null) {
      await condition(hasWork);
    } else {
      const { summary, at } = timer;
      const withinMs = at - workflowNow();
      isInTime = withinMs > 0 && (await condition(hasWork, withinMs, { summary }));
    }
    this.#isWoken = false;
    return this.#queue.shift() ?? (isInTime ? null : TIMED_OUT);
  }

  #execute(definition: Takeable<Command>, message: CommandMessage): Promise<BriefAnswer<State>> {
    const { value, refusal } = definition.fromUpdate(message);
    if (refusal) throw refused(refusal);
    throwIfRefused(this.#refusalOfReuse(value));
    this.#accept(value);
    return this.#answerTo(value.commandId);
  }

  #takeSignal({ update, fromSignal }: Takeable<Command>, raw: unknown): void {
    const { value, refusal } = fromSignal(raw);
    const why = refusal ?? this.#refusalOfReuse(value) ?? this.#noRoom(value);
    if (why) this.#record.noteRefusedSignal(update, value, inFull(why));
    else if (value) this.#accept(value);
  }

  async #answerTo(commandId: string): Promise<BriefAnswer<State>> {
    const hasEnded = () => this.#record.result(commandId) !== null;
    // A cancel request to the workflow does not end the wait: what was begun is carried out.
    await CancellationScope.nonCancellable(() => condition(() => hasEnded() || this.#isEnding));
    if (hasEnded()) return briefAnswer(this.#record.answer(commandId), this.#record.usual);
    const why =
      'This command is carried out in the next run of the workflow. Send the same update again for its answer.';
    throw ApplicationFailure.nonRetryable(why, COMMAND_CARRIED);
  }

  #accept(command: Command): void {
    if (this.#record.command(command.commandId)) return;
    const refusal = this.#refusalOf(command);
    if (refusal) {
      this.#record.refuseCommand(command.kind, command, refusal);
    } else {
      this.#record.begin(command.kind, command);
      this.push({ type: 'command', command });
    }
  }

  #refusalOfReuse(command: CommandEnvelope): Problem | null {
    const known = this.#record.command(command.commandId);
    return known && refusalOfReuse(known, command);
  }

  /** Not stored: the same command may be let in later. A repeat of a known one is always let in, for the first answer. */
  #noRoom({ commandId }: CommandEnvelope): Problem | null {
    if (this.#record.command(commandId) || this.#queue.length < QUEUE_MAX) return null;
    return problem('too_many_requests', `${QUEUE_MAX} commands are already waiting.`);
  }

  #isRepeat(eventId: string): boolean {
    if (this.#seenEvents.has(eventId)) return true;
    this.#seenEvents.add(eventId);
    const [oldest] = this.#seenEvents;
    if (this.#seenEvents.size > SEEN_EVENTS_MAX && oldest !== undefined) this.#seenEvents.delete(oldest);
    return false;
  }
}

function throwIfRefused(why: Problem | null): void {
  if (why) throw refused(why);
}

function refused(why: Problem): ApplicationFailure {
  return ApplicationFailure.nonRetryable(inFull(why), COMMAND_REFUSED, why);
}

/** With every field that is wrong, for those who see no more than the text. */
function inFull({ detail, errors = [] }: Problem): string {
  return errors.length > 1 ? errors.map((error) => error.detail).join(' ') : detail;
}
