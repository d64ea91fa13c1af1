import { createActivities } from '../../activities/index.ts';
import { createConnectedActivities } from '../../activities/stripe-events/connected.ts';
import { createEventActivities } from '../../activities/stripe-events/events.ts';
import type { OrderDefaults } from '../../contract/orders.ts';
import {
  RESUME_WORKFLOW,
  SYNC_ACCOUNTS_WORKFLOW,
  SYNC_PAYOUTS_WORKFLOW,
  SYNC_WORKFLOW,
} from '../../contract/stripe-events.ts';
import type { StripeEvent } from '../../domain/stripe-events/stripe-events.ts';
import { eventRefOf } from '../../domain/stripe-events/stripe-events.ts';
import type { StripeEvent as EventRow } from '../../sandbox/objects/records.ts';
import { createPlatform, type Platform } from '../../sandbox/platform.ts';
import { applicationId } from '../../sandbox/views/payments.ts';
import { deliver } from '../../stripe-events/deliver.ts';
import { retryDelays } from '../../worker/retry-delays.ts';
import * as workflows from '../../workflows/index.ts';
import { moveOutside } from '../lives/outside.ts';
import { answerMeanwhile } from '../lives/payers.ts';
import type { Plan, PlannedDayLimits } from '../lives/plan.ts';
import { BEGIN_MS } from '../lives/times.ts';
import { fromJson, toJson } from '../runtime/jobs.ts';
import { createClient } from '../temporal/client.ts';
import { Server } from '../temporal/server.ts';
import type { Chance } from './chance.ts';
import { settle, VirtualClock } from './clock.ts';
import { Network } from './network.ts';
import type { Process } from './process.ts';
import { Processes } from './process.ts';
import { Subscriber } from './subscriber.ts';
import { useTime } from './time.ts';
import { useProcesses } from './timers.ts';

export const TASK_QUEUE = 'orders';

/** In real time nothing takes longer than this; whoever waits for more waits for something that is not simulated. */
const TURNS_MAX = 100;
const STEPS_MAX = 200_000;
/** No worker shuts down: it crashes. */
const NEVER = new AbortController().signal;
const WEBHOOK_LATENCY_MS = 3_000;
/** A schedule looks every minute whether Stripe answers again. */
const RESUMED_AFTER_MS = 30_000;
const WEBHOOK_LATE_MS = 3_600_000;

type Writes = readonly (readonly [table: string, id: string, row: unknown])[];

export interface Watcher {
  /** After each commit of the sandbox. */
  onCommit(writes: Writes): void;
  /** After each step. */
  afterStep(): void;
}

/** Waybill's workflows and activities, the sandbox and whoever uses them, in one process on virtual time. */
export class World {
  readonly clock = new VirtualClock(BEGIN_MS);
  readonly processes = new Processes(this.clock);
  readonly platform: Platform;
  readonly network: Network;
  readonly server: Server;
  readonly temporal: ReturnType<typeof createClient>;
  readonly policy: OrderDefaults;
  readonly dayLimits: PlannedDayLimits;
  readonly subscriber: Subscriber;
  readonly broken: string[] = [];
  /** Payments of which somebody else captured a part. */
  readonly capturedOutside = new Set<string>();
  /** Payments that were made without Waybill, by the order that takes each over. */
  readonly paidOutside = new Map<string, string>();
  /** Stripe accounts of others, by the account that connects each. */
  readonly openedOutside = new Map<string, string>();
  /** When Stripe last had news of anything; milliseconds since the epoch. */
  lastEventAt = 0;
  steps = 0;
  readonly chance: Chance;
  readonly #watchers: Watcher[] = [];
  readonly #events = new Map<string, number>();
  /** Of the last run of each schedule that came to one. */
  readonly #results = new Map<string, unknown>();
  readonly #hasWorks: boolean;
  readonly #looksBeforeCreate: boolean;

  constructor(plan: Plan, chance: Chance) {
    this.chance = chance;
    this.#hasWorks = plan.works.length > 0;
    this.#looksBeforeCreate = plan.looksBeforeCreate;
    useTime(this.clock, chance);
    useProcesses(this.processes);
    this.policy = { ...plan.policy, onDisputeLost: 'bear' };
    this.dayLimits = plan.dayLimits;
    this.subscriber = new Subscriber(this, plan.isSubscribed);
    this.platform = createPlatform({
      seed: 1,
      settings: plan.stripe,
      logger: {
        error: (details) => this.broken.push(`sandbox: ${String((details as { err: Error }).err.stack)}`),
      },
    });
    this.network = new Network({
      clock: this.clock,
      chance,
      processes: this.processes,
      platform: this.platform,
      outages: plan.outages,
      onArrival: (process, place) => this.#mayBeMoved(process, place),
      onStep: (process, place) => this.#mayCrash(process, place),
    });
    const code = this.#activities();
    this.server = new Server({
      clock: this.clock,
      chance,
      processes: this.processes,
      workflows,
      callActivity: async (name, args, attempt) => {
        const activity = code()[name];
        if (!activity) throw new Error(`There is no activity ${name}.`);
        const { inbound } = retryDelays({ info: { attempt } } as never);
        const run = async () => activity(...(fromJson(args) as unknown[]));
        return toJson(await inbound?.execute?.({} as never, run));
      },
      workers: plan.workers,
      eventsMax: plan.eventsMax,
      onBroken: ({ workflowId }, why) => this.broken.push(`${workflowId}: ${why}`),
    });
    this.temporal = createClient(this.server, chance);
    for (const { until } of plan.outages)
      this.clock.at(until + RESUMED_AFTER_MS, () => this.#pass('resume', RESUME_WORKFLOW));
    this.platform.world.store.onCommit((writes) => this.#committed(writes));
  }

  watch(watcher: Watcher): void {
    this.#watchers.push(watcher);
  }

  /** Runs until that time, or until something is broken. */
  async runUntil(atMs: number): Promise<void> {
    const { clock, platform } = this;
    const { scheduler } = platform;
    while (this.broken.length === 0) {
      const next = clock.nextAt;
      const due = scheduler.nextDueMs;
      if (due !== null && due <= Math.min(next ?? atMs, atMs)) {
        clock.now = Math.max(clock.now, due);
        scheduler.runDue();
        this.#look();
        continue;
      }
      if (next === null || next > atMs) break;
      const inStep = clock.take()?.();
      if (inStep) await inStep;
      await this.#settled();
      this.#look();
      this.steps += 1;
      if (this.steps > STEPS_MAX) this.broken.push(`no end after ${STEPS_MAX} steps`);
    }
    clock.now = Math.max(clock.now, atMs);
  }

  /**
   * Feeds what webhooks missed, and compares accounts and payouts with Stripe, as the schedules do; a run is not begun before the last
   * one has ended.
   */
  sync(): void {
    this.#pass('sync', SYNC_WORKFLOW);
    if (!this.#hasWorks) return;
    this.#pass('sync-accounts', SYNC_ACCOUNTS_WORKFLOW);
    this.#pass('sync-payouts', SYNC_PAYOUTS_WORKFLOW);
  }

  #pass(workflowId: string, type: string): void {
    const last = this.server.newest.get(workflowId);
    if (last?.isOpen) return;
    if (last?.result && 'value' in last.result) this.#results.set(workflowId, fromJson(last.result.value));
    const lastResult = this.#results.get(workflowId);
    this.server.begin({ workflowId, type, args: '[]', memo: {}, searchAttributes: {}, lastResult });
  }

  #activities() {
    let made: Readonly<Record<string, (...args: never[]) => Promise<unknown>>> | null = null;
    const now = () => this.clock.now;
    return () => {
      if (made) return made as Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;
      const { stripe } = this.network;
      const { temporal, policy } = this;
      const progress = {
        known: () => this.processes.current.heartbeat?.heartbeatDetails,
        note: (details: unknown) => {
          const { heartbeat } = this.processes.current;
          if (heartbeat) heartbeat.heartbeatDetails = details;
        },
      };
      const subscriptions = this.subscriber.directory;
      made = {
        ...this.subscriber.activities(TASK_QUEUE),
        ...createActivities({
          stripe,
          clientId: applicationId,
          temporal,
          taskQueue: TASK_QUEUE,
          lookBeforeCreate: this.#looksBeforeCreate,
          accountLimits: this.dayLimits.account,
          progress,
          now,
        }),
        ...createEventActivities({
          stripe,
          temporal,
          taskQueue: TASK_QUEUE,
          livemode: false,
          policy,
          subscriptions,
          now,
        }),
        ...createConnectedActivities({
          stripe,
          temporal,
          taskQueue: TASK_QUEUE,
          livemode: false,
          retryBudgetMs: policy.retryBudgetMs,
          subscriptions,
          cancellation: () => NEVER,
          warn: () => {},
        }),
      };
      return made as Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;
    };
  }

  /** Between two of the requests that a worker makes about an order, its payer answers, or somebody in the Dashboard moves its money. */
  async #mayBeMoved({ place: doing, worker }: Process, place: string): Promise<void> {
    const [, orderId] = /^order\/(\S+)/.exec(doing) ?? [];
    if (!worker || orderId === undefined) return;
    answerMeanwhile(this, orderId, this.chance, place);
    if (this.chance.happens('moved_meanwhile', place)) await moveOutside(this, orderId, this.chance, place);
  }

  #mayCrash({ worker, life }: Process, place: string): void {
    if (!worker || worker.life !== life || !this.chance.happens('crash', place)) return;
    this.server.crash(worker, place);
  }

  async #settled(): Promise<void> {
    if (!this.processes.isStepping) return;
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      await settle();
      if (!this.processes.areIdle) continue;
      this.processes.endStep();
      return;
    }
    this.processes.endStep();
    this.broken.push(`${this.processes.current.place} waits in real time`);
  }

  #look(): void {
    for (const watcher of this.#watchers) watcher.afterStep();
  }

  #committed(writes: Writes): void {
    for (const watcher of this.#watchers) watcher.onCommit(writes);
    for (const [table, , row] of writes) if (table === 'event' && row) this.#notify(row as EventRow);
  }

  /** Stripe tells of an event: late, twice or never. */
  #notify(event: EventRow): void {
    this.lastEventAt = this.clock.now;
    const { settings } = this.platform;
    const account = event.owner === settings.platform ? undefined : event.owner;
    const hint = eventRefOf({ ...event, account } as StripeEvent);
    if (hint.subject.kind === 'nobody') return;
    const about = 'orderId' in hint.subject ? hint.subject.orderId : hint.subject.kind;
    const name = `webhook ${event.type} ${about}`;
    const number = (this.#events.get(name) ?? 0) + 1;
    this.#events.set(name, number);
    const place = `${name} ${number}`;
    const chance = this.chance;
    if (chance.happens('webhook_lost', place)) return;
    const copies = chance.happens('webhook_doubled', place) ? 2 : 1;
    for (let copy = 1; copy <= copies; copy++) {
      const most = chance.happens('webhook_late', `${place} ${copy}`) ? WEBHOOK_LATE_MS : WEBHOOK_LATENCY_MS;
      this.clock.after(chance.between(`delivered ${place} ${copy}`, 1, most), () => {
        this.processes.run(
          { place: `${place} ${copy}`, worker: null, attempt: 1, heartbeat: null },
          () => deliver({ temporal: this.temporal, taskQueue: TASK_QUEUE }, hint),
          () => {},
          // Stripe would come again; here the feed does.
          () => {},
        );
      });
    }
  }
}
