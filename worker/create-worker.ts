import { hostname } from 'node:os';
import { activityInfo, Context, log, sleep } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { NativeConnection, WorkerPlugin, WorkflowBundleOption } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { pino } from 'pino';
import type Stripe from 'stripe';
import { createActivities } from '../activities/index.ts';
import type { EventDeliverySettings } from '../activities/outgoing-events/deliver-event.ts';
import { createDeliveryActivities } from '../activities/outgoing-events/deliver-event.ts';
import { createOutgoingEventActivities } from '../activities/outgoing-events/outgoing-events.ts';
import { createReconciliationActivities } from '../activities/reconciliation/reconciliation.ts';
import { withoutRetriesOfBugs } from '../activities/shared/bugs.ts';
import { createConnectedActivities } from '../activities/stripe-events/connected.ts';
import { createEventActivities } from '../activities/stripe-events/events.ts';
import { createOrderBackend } from '../api/backend/backend.ts';
import { orderRequests } from '../api/orders/order-requests.ts';
import type { OrderDefaults } from '../contract/orders.ts';
import { deliveriesTaskQueue } from '../contract/outgoing-events.ts';
import type { DayLimits } from '../domain/limits/day-limits.ts';
import { SubscriptionDirectory } from '../event-delivery/directory.ts';
import { identityWithKey } from '../temporal/worker-identity.ts';
import { activityLog } from './activity-log.ts';
import type { DeploymentVersion } from './deployment.ts';
import { versioning } from './deployment.ts';
import { heartbeats, progress } from './heartbeats.ts';
import { countDeliveries } from './metrics.ts';
import { retryDelays } from './retry-delays.ts';
import { FastWorker } from './workflow-thread/fast-worker.ts';
import { PunctualWorker } from './workflow-thread/punctual-worker.ts';

export interface WorkerDeps {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Null (default): Temporal routes by no version. */
  readonly version?: DeploymentVersion | null;
  /** How payloads are written; by default as JSON. */
  readonly dataConverter?: DataConverter;
  readonly workflowBundle: WorkflowBundleOption;
  /** Of tracing. */
  readonly plugins?: WorkerPlugin[];
  readonly stripe: Stripe;
  /** The platform's OAuth client at Stripe; null where Standard accounts are not connected. */
  readonly clientId: string | null;
  readonly events: EventDeliverySettings;
  /** Whether Stripe is asked for what an earlier request created, before anything is created; otherwise only on suspicion. */
  readonly lookBeforeCreate?: boolean;
  /** What each connected account may move out in a day; by default anything. */
  readonly accountLimits?: DayLimits;
  /** Whether Temporal UI's Call Stack works; workflow code then costs what it costs in the SDK. */
  readonly callStacks?: boolean;
  /** Of orders that an event reopens. */
  readonly policy: OrderDefaults;
  /** It moves real money. */
  readonly livemode?: boolean;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Of requests for orders; by default they log nothing. */
  readonly logger?: Logger;
}

/** Workflows kept in memory between their tasks; an evicted one is replayed. Bounds the worker's memory. */
const CACHED_WORKFLOWS_MAX = 500;
/** Calls to Stripe at the same time: under Stripe's 100 requests a second at a usual 0.5 s each. */
const ACTIVITIES_MAX = 40;

/** Posts to receivers at the same time. */
const DELIVERIES_MAX = 50;
const SHUTDOWN_GRACE = '20 seconds';

/** What a worker process runs: the worker that carries orders, and the one that posts outgoing events. */
export function createWorkers(deps: WorkerDeps): Promise<readonly Worker[]> {
  return Promise.all([createWorker(deps), createDeliveryWorker(deps)]);
}

/** A worker that carries orders; it polls once it is run. */
export function createWorker(deps: WorkerDeps): Promise<Worker> {
  const { connection, namespace, taskQueue, workflowBundle, stripe, clientId, events, policy } = deps;
  const {
    now = Date.now,
    lookBeforeCreate = true,
    accountLimits = {},
    livemode = false,
    callStacks = false,
    version = null,
    dataConverter = {},
    logger = pino({ level: 'silent' }),
  } = deps;
  const temporal = new Client({ connection, namespace, dataConverter });
  const orders = createOrderBackend({ temporal, taskQueue, stripe, policy, livemode, events, logger });
  const subscriptions = new SubscriptionDirectory(temporal);
  return (callStacks ? PunctualWorker : FastWorker).create({
    connection,
    namespace,
    taskQueue,
    dataConverter,
    ...versioning(version, workflowBundle),
    workflowBundle,
    activities: {
      ...createActivities({
        stripe,
        clientId,
        temporal,
        taskQueue,
        lookBeforeCreate,
        accountLimits,
        progress,
        now,
      }),
      ...createEventActivities({ stripe, temporal, taskQueue, livemode, policy, subscriptions, now }),
      ...createConnectedActivities({
        stripe,
        temporal,
        taskQueue,
        livemode,
        retryBudgetMs: policy.retryBudgetMs,
        subscriptions,
        cancellation: () => Context.current().cancellationSignal,
        warn: (message, facts) => log.warn(message, facts),
      }),
      ...createOutgoingEventActivities({ temporal, taskQueue, subscriptions, events }),
      ...createReconciliationActivities({ stripe, temporal, taskQueue }),
      ...withoutRetriesOfBugs({ ...orderRequests(orders) }),
    },
    interceptors: { activity: [activityLog, heartbeats, retryDelays] },
    maxCachedWorkflows: CACHED_WORKFLOWS_MAX,
    maxConcurrentActivityTaskExecutions: ACTIVITIES_MAX,
    maxConcurrentLocalActivityExecutions: ACTIVITIES_MAX,
    plugins: deps.plugins ?? [],
    shutdownGraceTime: SHUTDOWN_GRACE,
  });
}

/** The worker that posts outgoing events; it polls once it is run. */
function createDeliveryWorker(deps: Omit<WorkerDeps, 'workflowBundle' | 'stripe' | 'clientId' | 'policy'>) {
  const {
    connection,
    namespace,
    taskQueue,
    events,
    dataConverter = {},
    now = Date.now,
    version = null,
  } = deps;
  const temporal = new Client({ connection, namespace, dataConverter });
  return Worker.create({
    connection,
    identity: identityWithKey(`${process.pid}@${hostname()}`, events.signingKey),
    namespace,
    taskQueue: deliveriesTaskQueue(taskQueue),
    dataConverter,
    ...versioning(version, null),
    activities: createDeliveryActivities({
      temporal,
      events,
      now,
      attempt: () => activityInfo().attempt,
      sleep,
    }),
    interceptors: { activity: [activityLog, heartbeats, countDeliveries] },
    maxConcurrentActivityTaskExecutions: DELIVERIES_MAX,
    plugins: deps.plugins ?? [],
    shutdownGraceTime: SHUTDOWN_GRACE,
  });
}
