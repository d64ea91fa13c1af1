import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { OutgoingEventActivities } from '../../activities/outgoing-events/outgoing-events.ts';
import type {
  AskedSubscription,
  SubscriptionAnswer,
  SubscriptionCommand,
} from '../../contract/outgoing-events.ts';
import {
  disableSubscriptionSignal,
  subscriptionsQuery,
  subscriptionUpdate,
} from '../../contract/outgoing-events.ts';
import type { Problem } from '../../domain/errors.ts';
import { KEY_REUSED, problem } from '../../domain/errors.ts';
import type { EventSubscription } from '../../domain/outgoing-events/event-subscription.ts';
import { SUBSCRIPTIONS_MAX } from '../../domain/outgoing-events/event-subscription.ts';
import { escapeMarkdown, runbookLink } from '../shared/markdown.ts';
import type { Asks } from '../shared/need-attributes.ts';
import { needAttributes } from '../shared/need-attributes.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry, upgrade } from '../shared/snapshots.ts';
import { SECOND_MS, workflowNow } from '../shared/time.ts';

/** What continue-as-new carries over. */
interface Carried {
  readonly subscriptions: readonly EventSubscription[];
  /** Of the last commands, for their repeats. */
  readonly answers: readonly SubscriptionAnswer[];
  /** When the first subscription was made that open workflows do not know yet; null: none. */
  readonly firstSince: number | null;
}

const ANSWERS_MAX = 100;
/** Longer than an API process may cache that there are no subscribers (event-delivery/directory.ts). */
const UNAWARE_MS = 10 * SECOND_MS;

const { announceToOpen } = proxyActivities<OutgoingEventActivities>({
  startToCloseTimeout: '30 seconds',
  summary: 'announce the subscription to what is open',
});

/**
 * All subscriptions to events, in one workflow. It needs attention while one is disabled. Secrets are derived,
 * never stored. A cancel request is ignored: nobody else knows what it keeps.
 */
export function eventSubscriptions(earlier?: Versioned<Carried>): Promise<void> {
  return CancellationScope.nonCancellable(() => keepSubscriptions(earlier));
}

async function keepSubscriptions(earlier: Versioned<Carried> | undefined): Promise<void> {
  const carried = earlier && upgrade('event_subscriptions', earlier);
  const subscriptions = new Map(carried?.subscriptions.map((one) => [one.id, one]));
  const answers = new Map(carried?.answers.map((answer) => [answer.result.commandId, answer]));
  let firstSince: number | null = carried?.firstSince ?? null;

  const change = (command: SubscriptionCommand): SubscriptionAnswer => {
    const { commandId, requestHash, requestId } = command;
    const known = answers.get(commandId);
    if (known) return known;
    const wasEmpty = subscriptions.size === 0;
    const changed = applied(subscriptions, command);
    const why = 'code' in changed ? changed : null;
    const result = {
      commandId,
      requestHash,
      requestId,
      outcome: why ? 'refused' : 'done',
      problem: why,
    } as const;
    const answer = { result, subscription: 'code' in changed ? null : changed };
    answers.set(commandId, answer);
    const [oldest] = answers.keys();
    if (answers.size > ANSWERS_MAX && oldest !== undefined) answers.delete(oldest);
    if (wasEmpty && subscriptions.size > 0) firstSince = workflowNow();
    show([...subscriptions.values()]);
    return answer;
  };
  setHandler(subscriptionUpdate, (command) => change(command), {
    description: 'Internal: the API changes a subscription',
  });
  setHandler(subscriptionsQuery, () => [...subscriptions.values()], {
    description: 'Every subscription, without its secrets',
  });
  setHandler(
    disableSubscriptionSignal,
    ({ id, reason, since = Number.POSITIVE_INFINITY, takesOthers = false }) => {
      const subscription = subscriptions.get(id);
      if (!subscription || subscription.disabled) return;
      const end = { reason, at: workflowNow() };
      // What was tried before it was enabled, between whose attempts hours lie, says nothing of a receiver that works again.
      const isAlone = takesOthers || since < (subscription.enabledAt ?? 0);
      const { missed = end } = subscription;
      subscriptions.set(id, isAlone ? { ...subscription, missed } : { ...subscription, disabled: end });
      show([...subscriptions.values()]);
    },
    { description: 'Internal: a subscription is never answered' },
  );

  const isDue = () => workflowInfo().continueAsNewSuggested;
  while (!isDue()) {
    const since: number | null = firstSince;
    if (since === null) {
      await condition(() => firstSince !== null || isDue());
      continue;
    }
    const leftMs = Math.max(1, since + UNAWARE_MS - workflowNow());
    if (!(await condition(isDue, leftMs, { summary: 'Announce to what is open' }))) {
      // What started before the first subscription does not know of it.
      firstSince = null;
      await announceToOpen();
    }
  }
  await condition(allHandlersFinished);
  const left = { subscriptions: [...subscriptions.values()], answers: [...answers.values()], firstSince };
  await continueAsNew<typeof eventSubscriptions>(carry('event_subscriptions', left));
}

/** Carries the command out; a {@link Problem} if it cannot be. */
function applied(
  subscriptions: Map<string, EventSubscription>,
  command: SubscriptionCommand,
): EventSubscription | Problem {
  if (command.kind === 'create') {
    const { subscription: asked } = command;
    const known = subscriptions.get(asked.id);
    if (known) return isSame(known, asked) ? known : KEY_REUSED;
    if (subscriptions.size >= SUBSCRIPTIONS_MAX) {
      return problem('state_conflict', `There are ${SUBSCRIPTIONS_MAX} subscriptions; delete one first.`);
    }
    const fresh = { createdAt: workflowNow(), generation: 1, previousUntil: null, disabled: null };
    return kept(subscriptions, { ...asked, ...fresh });
  }
  const subscription = subscriptions.get(command.id);
  if (!subscription)
    return problem('not_found', `There is no event subscription ${command.id}.`, { param: 'id' });
  switch (command.kind) {
    case 'delete':
      subscriptions.delete(command.id);
      return subscription;
    case 'enable': {
      const { missed: _, ...rest } = subscription;
      return kept(subscriptions, { ...rest, disabled: null, enabledAt: workflowNow() });
    }
    case 'rotate_secret':
      return kept(subscriptions, {
        ...subscription,
        generation: subscription.generation + 1,
        previousUntil: workflowNow() + command.overlapMs,
      });
  }
}

/** Its id derives from the creating request's key, which outlives the stored answers. */
function isSame(known: EventSubscription, { url, events, description }: AskedSubscription): boolean {
  return known.url === url && known.description === description && `${known.events}` === `${events}`;
}

function kept(subscriptions: Map<string, EventSubscription>, one: EventSubscription): EventSubscription {
  subscriptions.set(one.id, one);
  return one;
}

function show(subscriptions: readonly EventSubscription[]): void {
  const disabled = subscriptions.filter((one) => one.disabled !== null);
  const missing = subscriptions.filter((one) => one.disabled === null && one.missed !== undefined);
  setCurrentDetails(
    [
      `**${subscriptions.length}** subscriptions. ${runbookLink('subscriber_disabled')}`,
      ...disabled.map(
        (one) =>
          `- \`${one.id}\` ${escapeMarkdown(one.url)} is disabled: ${escapeMarkdown(one.disabled?.reason ?? '')}`,
      ),
      ...missing.map(
        (one) =>
          `- \`${one.id}\` ${escapeMarkdown(one.url)} did not take ${escapeMarkdown(one.missed?.reason ?? '')}. ${runbookLink('event_not_accepted')}`,
      ),
    ].join('\n\n'),
  );
  upsertSearchAttributes([
    ...needAttributes(
      needOf(
        'subscriber_disabled',
        disabled.flatMap((one) => one.disabled ?? []),
      ) ??
        needOf(
          'event_not_accepted',
          missing.flatMap((one) => one.missed ?? []),
        ),
    ),
  ]);
}

function needOf(code: string, ends: readonly { readonly at: number }[]): Asks | null {
  return ends.length > 0 ? { code, since: Math.min(...ends.map(({ at }) => at)) } : null;
}
