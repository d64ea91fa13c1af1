import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import { ApplicationFailure, condition, setHandler, workflowInfo } from '@temporalio/workflow';
import { commandQuery, timelineQuery } from '../../contract/commands.ts';
import { stripeEventSignal } from '../../contract/stripe-events.ts';
import type { CommandEnvelope } from '../../domain/commands/commands.ts';
import { malformed } from '../../domain/commands/commands.ts';
import type { ParsedSignal } from '../../domain/commands/signals.ts';
import { stripeEventFromSignal } from '../../domain/commands/signals.ts';
import type { Problem } from '../../domain/errors.ts';
import { COMMAND_REFUSED, problem } from '../../domain/errors.ts';
import type { Pending } from './command-loop.ts';
import type { Begun, CommandRecord } from './command-record.ts';

/** More than a person or a service has waiting in one place; beyond it a command is refused, never dropped. */
const QUEUE_MAX = 100;
const SEEN_EVENTS_MAX = 200;

/** What comes in: a command, or a fact. */
export type Work<Command, Fact extends { readonly type: string } = never> =
  | { readonly type: 'command'; readonly command: Command }
  | Fact;

const STRIPE_NEWS = 'stripe_event';

/** Something happened at Stripe. */
export interface StripeNews {
  readonly type: typeof STRIPE_NEWS;
}

/**
 * Takes in every message and gives out one piece of work at a time, so that two commands never interleave. Updates
 * and signals feed the same queue; an update's caller waits until its command is settled.
 */
export class Inbox<
  Command extends CommandEnvelope & { readonly kind: Begun },
  Answer,
  Fact extends { readonly type: string } = never,
> implements Pending<Work<Command, Fact>>
{
  readonly #record: CommandRecord<Answer>;
  readonly #refusalOf: (command: Command) => Problem | null;
  readonly #queue: Work<Command, Fact>[] = [];
  readonly #seenEvents = new Set<string>();

  /** `refusalOf`: why a command that is new is not carried out now; null: it is. */
  constructor(record: CommandRecord<Answer>, refusalOf: (command: Command) => Problem | null) {
    this.#record = record;
    this.#refusalOf = refusalOf;
    setHandler(timelineQuery, () => record.timeline);
    setHandler(commandQuery, (commandId) => record.command(commandId));
  }

  /**
   * The update that comes with the start: its caller waits for what the workflow begins with. Whoever means another
   * beginning is refused: the id is taken.
   */
  begins(
    update: UpdateDefinition<Answer, [CommandEnvelope]>,
    beginning: CommandEnvelope,
    taken: { readonly kind: 'order' | 'transfer' | 'payout' | 'account'; readonly id: string },
  ): void {
    setHandler(update, ({ commandId }) => this.#answerTo(commandId), {
      validator: ({ commandId }) => {
        if (commandId === beginning.commandId) return;
        throwIfRefused(
          problem(`${taken.kind}_exists`, `The ${taken.kind} ${taken.id} already exists.`, { param: 'id' }),
        );
      },
    });
  }

  /** A command's update. `whyMalformed`: what a message typed by hand lacks to be a command. */
  takes<Message extends CommandEnvelope>(
    update: UpdateDefinition<Answer, [Message]>,
    commandOf: (message: Message) => Command,
    whyMalformed: (message: unknown) => Problem | null = malformed,
  ): void {
    setHandler(
      update,
      (message) => {
        this.#accept(commandOf(message));
        return this.#answerTo(message.commandId);
      },
      {
        validator: (message) => throwIfRefused(whyMalformed(message) ?? this.#noRoom(message)),
      },
    );
  }

  /** The same command by hand, from Temporal's UI or CLI. The timeline says what is wrong with it. */
  takesSignal(signal: SignalDefinition<[unknown]>, parse: (raw: unknown) => ParsedSignal<Command>): void {
    setHandler(signal, (raw) => {
      const { command, refusal } = parse(raw);
      const why = command ? this.#noRoom(command) : refusal;
      if (why) this.#record.noteRefusedSignal(signal.name, command, why.detail);
      else if (command) this.#accept(command);
    });
  }

  /** Stripe's events; `news` is what they all come to. */
  onStripeEvent(news: Fact & StripeNews): void {
    setHandler(stripeEventSignal, (raw) => {
      const hint = stripeEventFromSignal(raw);
      if (!hint) {
        this.#record.noteRefusedSignal(stripeEventSignal.name, null, 'It names no event.');
        return;
      }
      const { eventId: stripeId, eventType: name } = hint;
      if (!this.#isRepeat(stripeId)) {
        this.#record.note({ type: 'event', name, cause: null, actor: 'stripe', stripeId });
      } else if (this.#record.failedReads === null) return;
      // One read shows everything that happened before it.
      if (!this.#queue.some(({ type }) => type === news.type)) this.push(news);
    });
  }

  push(work: Work<Command, Fact>): void {
    this.#queue.push(work);
  }

  isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  carryOver(): boolean {
    if (this.#queue.some(({ type }) => type !== STRIPE_NEWS)) return false;
    if (!this.isEmpty()) this.#record.readAtOnce();
    return true;
  }

  async next(withinMs: number | null): Promise<Work<Command, Fact> | null> {
    // Commands that are refused make the history longer and leave no work.
    const hasWork = () => !this.isEmpty() || workflowInfo().continueAsNewSuggested;
    if (withinMs === null) await condition(hasWork);
    else if (withinMs > 0) await condition(hasWork, withinMs);
    return this.#queue.shift() ?? null;
  }

  async #answerTo(commandId: string): Promise<Answer> {
    await this.#record.settled(commandId);
    return this.#record.answer(commandId);
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
  if (why) throw ApplicationFailure.nonRetryable(why.detail, COMMAND_REFUSED, why);
}
