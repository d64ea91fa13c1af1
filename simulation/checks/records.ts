import type { CommandResult } from '../../domain/commands/command.ts';
import type { Timeline } from '../../domain/commands/timeline.ts';
import type { Callers } from '../lives/caller.ts';
import type { Execution } from '../temporal/execution.ts';
import type { World } from '../world/world.ts';
import type { Effects } from './effects.ts';
import type { Refusals } from './refusals.ts';

/** What Stripe says while nobody knows what became of a request: none of it is a refusal. */
const UNKNOWN_CODES: ReadonlySet<string> = new Set([
  'api_error',
  'api_connection_error',
  'rate_limit',
  'lock_timeout',
  'idempotency_key_in_use',
  'no_answer',
]);

/** What every workflow with commands remembers of them, whatever its kind. */
export class Records {
  readonly #world: World;
  readonly #callers: Callers;
  readonly #effects: Effects;
  readonly #refusals: Refusals;
  readonly #fail: (why: string) => void;
  /** How many entries of a timeline were looked at. */
  readonly #seen = new WeakMap<Execution, number>();

  constructor(
    world: World,
    callers: Callers,
    effects: Effects,
    refusals: Refusals,
    fail: (why: string) => void,
  ) {
    this.#world = world;
    this.#callers = callers;
    this.#effects = effects;
    this.#refusals = refusals;
    this.#fail = fail;
  }

  check(execution: Execution): void {
    const timeline = this.#world.server.peek(execution, 'timeline') as Timeline | undefined;
    if (!timeline) return;
    const isTrimmed = timeline.dropped > 0;
    this.#timeline(execution.workflowId, timeline, isTrimmed ? 0 : (this.#seen.get(execution) ?? 0));
    this.#seen.set(execution, timeline.entries.length);
    this.#results(execution);
  }

  /** What asks for a person is on the list that people look at. */
  isTold(execution: Execution, asks: boolean): void {
    if (execution.task === 'running' || !execution.isOpen) return;
    // What no longer asks is taken off the list after what is read then.
    if (!asks && execution.openActivities.size > 0) return;
    if (asks !== (execution.searchAttributes.NeedsAttention === true)) {
      const why = asks ? 'asks for a person and is not listed' : 'asks for nobody, but is listed';
      this.#fail(`${execution.workflowId}: ${why}`);
    }
  }

  #timeline(workflowId: string, { entries }: Timeline, from: number): void {
    for (let at = from; at < entries.length; at++) {
      const entry = entries[at];
      if (!entry) continue;
      const isCaused = entry.type !== 'stripe_call' && entry.type !== 'command' ? true : entry.cause !== null;
      if (!entry.actor || !isCaused) this.#fail(`${workflowId}: "${entry.name}" has no actor or cause`);
      const before = entries[at - 1];
      if (before && before.at > entry.at)
        this.#fail(`${workflowId}: "${entry.name}" is earlier than what was before`);
      if (entry.type !== 'command' || entry.actor !== 'caller' || entry.name.endsWith(' refused')) continue;
      const isKnown = entries
        .slice(0, at)
        .some((one) => one.type === 'command' && one.cause === entry.cause && one.name === entry.name);
      if (isKnown) this.#fail(`${workflowId}: ${entry.cause} was begun twice`);
    }
  }

  /** What is not known is not recorded as refused, and what is refused has no effect. */
  #results(execution: Execution): void {
    const [, id = ''] = execution.workflowId.split('/');
    for (const asked of this.#callers.asked.values()) {
      if (asked.about !== id) continue;
      const { commandId } = asked.envelope;
      const result = this.#world.server.peek(execution, 'command', commandId) as CommandResult | undefined;
      if (!result) continue;
      if (result.outcome !== 'refused' && result.outcome !== 'declined') continue;
      if (result.outcome === 'refused' && result.problem) this.#refusals.refused(asked, result.problem);
      const code = result.problem?.stripeCode ?? '';
      if (UNKNOWN_CODES.has(code)) this.#fail(`${commandId} was recorded as ${result.outcome} by ${code}`);
      if (this.#effects.has(id, commandId) && asked.body !== null) {
        this.#fail(`${commandId} was recorded as ${result.outcome}, but took effect`);
      }
    }
  }
}
