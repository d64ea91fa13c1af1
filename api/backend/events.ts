import { setTimeout as sleep } from 'node:timers/promises';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type {
  DeliveredEvent,
  SubscriptionAnswer,
  SubscriptionCommand,
} from '../../contract/outgoing-events.ts';
import {
  EVENT_REPLAY_WORKFLOW,
  EVENT_SUBSCRIPTIONS_WORKFLOW,
  outgoingEventQuery,
  subscriptionUpdate,
} from '../../contract/outgoing-events.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { problem } from '../../domain/errors.ts';
import {
  EVENT_SUBSCRIPTIONS_WORKFLOW_ID,
  eventReplayWorkflowId,
  outgoingEventWorkflowId,
} from '../../domain/outgoing-events/event-ids.ts';
import type { EventSubscription } from '../../domain/outgoing-events/event-subscription.ts';
import { wants } from '../../domain/outgoing-events/event-subscription.ts';
import type { OutgoingEvent } from '../../domain/outgoing-events/outgoing-event.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { announcementOf, CACHE_TTL_MS, SubscriptionDirectory } from '../../event-delivery/directory.ts';
import { startDelivery } from '../../event-delivery/start.ts';
import { ask } from '../../temporal/ask.ts';
import { faultOf } from '../../temporal/faults.ts';
import type { ApiDeps } from '../http/deps.ts';
import { problemOfRepeat } from '../http/idempotency.ts';
import { orElse } from '../http/or-else.ts';
import { READ_WITHIN_MS, within } from './wait.ts';

const CHANGE_WITHIN_MS = 10_000;

/** Outgoing events and their subscriptions. */
export class Events {
  readonly #deps: Pick<ApiDeps, 'temporal' | 'taskQueue' | 'events' | 'logger'>;
  readonly #directory: SubscriptionDirectory;

  constructor(deps: Pick<ApiDeps, 'temporal' | 'taskQueue' | 'events' | 'logger'>) {
    this.#deps = deps;
    this.#directory = new SubscriptionDirectory(deps.temporal);
  }

  /** The input of a workflow that starts now, which may have subscribers. If unknown, assume it does. */
  async announcing<Input extends object>(input: Input): Promise<Input & { readonly announced?: true }> {
    const announced = await orElse(
      this.#deps.logger,
      'Reading the event subscriptions',
      { announced: true as const },
      () => announcementOf(this.#directory),
    );
    return { ...input, ...announced };
  }

  subscriptions(): Promise<readonly EventSubscription[]> {
    return this.#directory.fresh();
  }

  /** A new subscription is answered once every process knows of it: none of the events of what starts after that is lost. */
  async change(command: SubscriptionCommand): Promise<SubscriptionAnswer> {
    const { temporal, taskQueue } = this.#deps;
    const startWorkflowOperation = new WithStartWorkflowOperation<() => Promise<void>>(
      EVENT_SUBSCRIPTIONS_WORKFLOW,
      {
        workflowId: EVENT_SUBSCRIPTIONS_WORKFLOW_ID,
        taskQueue,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: 'subscriptions to events',
      },
    );
    const args: [SubscriptionCommand] = [command];
    const updateId = command.commandId;
    const answer = await within(temporal, CHANGE_WITHIN_MS, () =>
      temporal.workflow.executeUpdateWithStart(subscriptionUpdate, {
        args,
        updateId,
        startWorkflowOperation,
      }),
    );
    this.#directory.forget();
    if (command.kind === 'create') await sleep(CACHE_TTL_MS);
    return answer;
  }

  async read(eventId: string): Promise<DeliveredEvent> {
    const { temporal } = this.#deps;
    const handle = temporal.workflow.getHandle(outgoingEventWorkflowId(eventId));
    try {
      return await ask(temporal, () => handle.query(outgoingEventQuery));
    } catch (error) {
      if (faultOf(error)?.type !== 'not_found') throw error;
      const why = `There is no event ${eventId}, or it is older than Temporal remembers.`;
      throw new ProblemError(problem('not_found', why, { param: 'id' }));
    }
  }

  /**
   * Delivers an event once more, under the id that it always had; once for each command. `only`: to that subscription
   * alone. `repeated`: an earlier request has had it done.
   */
  async replay(
    eventId: string,
    command: CommandEnvelope,
    only: string | null,
  ): Promise<DeliveredEvent & { readonly repeated: boolean }> {
    const { temporal, taskQueue, events } = this.#deps;
    const delivered = await this.read(eventId);
    const { event } = delivered;
    const workflowId = eventReplayWorkflowId(eventId, command.commandId);
    const repeat = (first: CommandEnvelope) => {
      if (first.requestHash !== command.requestHash) throw new ProblemError(problemOfRepeat(first, command));
      return { ...delivered, repeated: first.requestId !== command.requestId };
    };
    const first = await this.#commandOf(workflowId);
    if (first) return repeat(first);
    const to = await this.#takers(event, only);
    const subscriptions = to.map(({ id }) => id);
    const isStarted = await within(temporal, READ_WITHIN_MS, () =>
      startDelivery(temporal, {
        workflowType: EVENT_REPLAY_WORKFLOW,
        workflowId,
        taskQueue,
        input: { event, subscriptions, giveUpAfterMs: events.giveUpAfterMs },
        command,
      }),
    );
    // Another request under the same key came at the same time.
    const other = isStarted ? null : await this.#commandOf(workflowId);
    return other ? repeat(other) : { ...delivered, repeated: false };
  }

  /** What a replay was started for; null: it was not. */
  async #commandOf(workflowId: string): Promise<CommandEnvelope | null> {
    const { temporal } = this.#deps;
    const handle = temporal.workflow.getHandle(workflowId);
    try {
      const { memo } = await within(temporal, READ_WITHIN_MS, () => handle.describe());
      return (memo?.command as CommandEnvelope | undefined) ?? null;
    } catch (error) {
      if (faultOf(error)?.type !== 'not_found') throw error;
      return null;
    }
  }

  /** The subscriptions that an event can be sent to now; `only`: that one. */
  async #takers({ type }: OutgoingEvent, only: string | null): Promise<readonly EventSubscription[]> {
    const all = await this.#directory.fresh();
    const asked = all.filter((one) => (only === null ? wants(one, type) : one.id === only));
    const takers = asked.filter(({ disabled }) => disabled === null);
    if (takers.length > 0) return takers;
    const who = only === null ? `Everybody who wants ${type} events` : `The event subscription ${only}`;
    if (only !== null && asked.length === 0) {
      const why = `There is no event subscription ${only}.`;
      throw new ProblemError(problem('not_found', why, { param: 'subscription' }));
    }
    const why =
      asked.length > 0
        ? `${who} is disabled: enable it first.`
        : `No enabled subscription wants ${type} events.`;
    throw new ProblemError(problem('state_conflict', why, { param: 'subscription' }));
  }
}
