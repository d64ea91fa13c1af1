import type { Client, ScheduleDescription } from '@temporalio/client';
import { ScheduleNotFoundError } from '@temporalio/client';
import { ORDER_WORKFLOW } from '../../contract/orders.ts';
import { EVENT_REPLAY_WORKFLOW, OUTGOING_EVENT_WORKFLOW } from '../../contract/outgoing-events.ts';
import type { SearchAttributeName } from '../../contract/search-attributes.ts';
import { STRIPE_EVENT_WORKFLOW } from '../../contract/stripe-events.ts';
import { SCHEDULE_IDS } from '../../domain/ids.ts';
import { ORDER_STATUSES } from '../../domain/orders/order-statuses.ts';
import type { OrderSummary } from '../../domain/orders/order-summary.ts';
import { GRPC, grpcCodeOf } from '../../temporal/grpc-code.ts';
import { all, compares, equals, isNoneOf, isOneOf, isSet, isWithin } from './visibility-filter.ts';
import { READ_WITHIN_MS, within } from './wait.ts';

/** How many there are, and since when the oldest is; null: there is none. Milliseconds since the epoch. */
export interface Backlog {
  readonly count: number;
  readonly oldest: number | null;
}

const RUNNING = equals('ExecutionStatus', 'Running');
const PAGE = 1_000;
/** Each narrows a thousand-fold. */
const PAGES_MAX = 5;
const CODES_MAX = 50;
const ORDERS_MAX = 5_000;

/** The whole installation, as Temporal's lists show it. Every question is answered within seconds, or not at all. */
export class Installation {
  readonly #temporal: Client;

  constructor(temporal: Client) {
    this.#temporal = temporal;
  }

  /** Open orders by status. */
  ordersByStatus(): Promise<ReadonlyMap<string, number>> {
    return this.#within(async () => {
      // By a range SQLite looks the status up; by equality it reads all that is running, once for each.
      const counts = ORDER_STATUSES.map(
        async (status) =>
          [
            status,
            await this.#count([
              equals('WorkflowType', ORDER_WORKFLOW),
              isWithin('OrderStatus', status, status),
            ]),
          ] as const,
      );
      return new Map(await Promise.all(counts));
    });
  }

  /** What needs attention, of whatever kind, by code. */
  attention(): Promise<ReadonlyMap<string, Backlog>> {
    return this.#within(async () => {
      const found = new Map<string, Backlog>();
      const needs = equals('NeedsAttention', true);
      // SQL stores take no GROUP BY of an attribute of ours.
      while (found.size < CODES_MAX) {
        const seen = [...found.keys()];
        const others = seen.length === 0 ? [needs] : [needs, isNoneOf('AttentionCode', seen)];
        // Many need the same: each code is asked for once.
        const codes = new Set((await this.#values(others, 'AttentionCode')).map(String));
        if (codes.size === 0) break;
        for (const code of codes) {
          found.set(code, await this.#backlog([needs, equals('AttentionCode', code)], 'AttentionSince'));
        }
      }
      return found;
    });
  }

  /** Minor units by currency: what the orders are about that need attention, of the first {@link ORDERS_MAX}. */
  moneyAtRisk(): Promise<ReadonlyMap<string, number>> {
    return this.#within(async () => {
      const amounts = new Map<string, number>();
      let orders = 0;
      const query = all([RUNNING, equals('WorkflowType', ORDER_WORKFLOW), equals('NeedsAttention', true)]);
      for await (const { memo } of this.#temporal.workflow.list({ query, pageSize: PAGE })) {
        const { summary } = (memo ?? {}) as { readonly summary?: OrderSummary };
        if (summary) amounts.set(summary.currency, (amounts.get(summary.currency) ?? 0) + summary.amount);
        orders += 1;
        if (orders >= ORDERS_MAX) break;
      }
      return amounts;
    });
  }

  /** Operations that are being retried. */
  pending(): Promise<Backlog> {
    return this.#within(() => this.#backlog([isSet('PendingSince')], 'PendingSince'));
  }

  /** Events of Stripe's that wait until their order is known. */
  parkedEvents(): Promise<number> {
    return this.#within(() => this.#count([equals('WorkflowType', STRIPE_EVENT_WORKFLOW)]));
  }

  /** Workflows that somebody has paused in Temporal. A server before 1.30 pauses none, and does not know the word. */
  paused(): Promise<number> {
    return this.#within(async () => {
      try {
        return (await this.#temporal.workflow.count(equals('ExecutionStatus', 'Paused'))).count;
      } catch (error) {
        if (grpcCodeOf(error) === GRPC.INVALID_ARGUMENT) return 0;
        throw error;
      }
    });
  }

  /** Outgoing events that some subscriber has not taken yet. */
  undelivered(): Promise<Backlog> {
    const events = isOneOf('WorkflowType', [OUTGOING_EVENT_WORKFLOW, EVENT_REPLAY_WORKFLOW]);
    return this.#within(() => this.#backlog([events], 'StartTime'));
  }

  /** How many milliseconds later than it should each schedule has begun a run; 0 while one runs. Those that there are. */
  scheduleLags(now = Date.now()): Promise<ReadonlyMap<string, number>> {
    return this.#within(async () => {
      const lags = await Promise.all(SCHEDULE_IDS.map((id) => this.#lagOf(id, now)));
      return new Map(lags.flatMap((lag) => (lag === null ? [] : [lag])));
    });
  }

  async #lagOf(id: string, now: number): Promise<readonly [string, number] | null> {
    try {
      return [id, lagOf(await this.#temporal.schedule.getHandle(id).describe(), now)];
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return null;
      throw error;
    }
  }

  #within<T>(work: () => Promise<T>): Promise<T> {
    return within(this.#temporal, READ_WITHIN_MS, work);
  }

  async #count(conditions: readonly string[]): Promise<number> {
    return (await this.#temporal.workflow.count(all([RUNNING, ...conditions]))).count;
  }

  async #backlog(conditions: readonly string[], since: SearchAttributeName | 'StartTime'): Promise<Backlog> {
    const count = await this.#count(conditions);
    let oldest: number | null = null;
    for (let pages = 0; count > 0 && pages < PAGES_MAX; pages++) {
      const older: readonly string[] = oldest === null ? [] : [compares(since, 'lt', oldest)];
      const times = (await this.#values([...conditions, ...older], since)).map(Number);
      if (times.length > 0) oldest = Math.min(...times);
      if (times.length < PAGE) break;
    }
    return { count, oldest };
  }

  /** Of the first thousand that are listed, which are in no order. */
  async #values(conditions: readonly string[], name: SearchAttributeName | 'StartTime'): Promise<unknown[]> {
    const values: unknown[] = [];
    const query = all([RUNNING, ...conditions]);
    for await (const { startTime, typedSearchAttributes } of this.#temporal.workflow.list({
      query,
      pageSize: PAGE,
    })) {
      const attributes = typedSearchAttributes.getAll();
      const value = name === 'StartTime' ? startTime : attributes.find(({ key }) => key.name === name)?.value;
      if (value !== undefined) values.push(value);
      if (values.length >= PAGE) break;
    }
    return values;
  }
}

function lagOf({ spec, info }: ScheduleDescription, now: number): number {
  if (info.runningActions.length > 0) return 0;
  const [interval] = spec.intervals ?? [];
  const lastAt = (info.recentActions.at(-1)?.takenAt ?? info.createdAt).getTime();
  return Math.max(0, now - lastAt - Number(interval?.every ?? 0));
}
