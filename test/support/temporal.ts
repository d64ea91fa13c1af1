import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject, vi } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes.ts';
import { withLock } from '../../dev/run/file-lock.mjs';
import { serverTuning } from '../../dev/temporal/server-flags.ts';
import { indexedValueType } from '../../temporal/search-attributes.ts';
import { ensureNamespace } from '../../worker/namespace.ts';
import { registerSearchAttributes } from '../../worker/search-attributes.ts';
import type { Lease } from './shared-temporal.ts';

/** Each role learns of a namespace by looking at intervals. */
const NAMESPACE_WITHIN = { timeout: 60_000, interval: 250 };

/**
 * A real Temporal server in memory that knows our search attributes, for one test file: start it in `beforeAll`, `teardown()` in `afterAll`
 * when nothing is pending any more (the SDK's native part crashes otherwise). Without arguments it is a namespace of a server that others
 * use too: its name is `env.namespace`. `uiPort`: it serves Temporal's UI there.
 */
export async function startTestServer(
  extraArgs: readonly string[] = [],
  port?: number,
  uiPort?: number,
): Promise<TestWorkflowEnvironment> {
  const cluster = inject('cluster');
  const temporal = inject('temporal');
  const mayShare = port === undefined && uiPort === undefined && extraArgs.length === 0;
  if (cluster !== null && mayShare) return ownNamespace(cluster.address);
  if ('missing' in temporal) throw new Error(temporal.missing);
  if (mayShare) return freshNamespace(temporal.namespaces);
  const searchAttributes = Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) =>
    defineSearchAttributeKey(name, type),
  );
  const start = () =>
    TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'existing-path', path: temporal.path },
        searchAttributes,
        extraArgs: [...serverTuning, ...extraArgs],
        ...(port === undefined ? {} : { port }),
        ...(uiPort === undefined ? {} : { uiPort }),
      },
    });
  return untilStarted(start);
}

/** Ends with its file: a schedule would start workflows for as long as the server runs. */
async function freshNamespace(from: string): Promise<TestWorkflowEnvironment> {
  const response = await fetch(from);
  if (!response.ok) throw new Error(await response.text());
  const env = await TestWorkflowEnvironment.createFromExistingServer((await response.json()) as Lease);
  const teardown = env.teardown.bind(env);
  env.teardown = async () => {
    const { schedule } = env.client;
    for await (const { scheduleId } of schedule.list()) await schedule.getHandle(scheduleId).delete();
    await teardown();
  };
  return env;
}

/** A namespace of its own on a cluster that all test files share. A file that wants other flags gets a server of its own. */
async function ownNamespace(address: string): Promise<TestWorkflowEnvironment> {
  const namespace = `test-${randomUUID()}`;
  const connection = await Connection.connect({ address });
  await ensureNamespace(connection, namespace, 1);
  await vi.waitFor(
    () => registerSearchAttributes(connection, namespace, SEARCH_ATTRIBUTES),
    NAMESPACE_WITHIN,
  );
  // Each role must know it: a start goes through all of them but the worker.
  const { workflow } = new Client({ connection, namespace });
  const start = () =>
    workflow.start('probe', {
      workflowId: 'probe',
      taskQueue: 'probe',
      searchAttributes: { NeedsAttention: [false] },
    });
  await (await vi.waitFor(start, NAMESPACE_WITHIN)).terminate();
  await connection.close();
  return TestWorkflowEnvironment.createFromExistingServer({ address, namespace });
}

/** Why tests with skipped time can't run here, or undefined: for `needs`. */
export const noTimeSkipping: string | undefined = whyNoTimeSkipping();

function whyNoTimeSkipping(): string | undefined {
  const server = inject('timeSkipping');
  return 'missing' in server ? `no time-skipping server: ${server.missing}` : undefined;
}

/**
 * The Java test server, whose clock jumps: timers of weeks pass in milliseconds. One environment a file, tests one after
 * the other. It knows no list, count or schedules; end a workflow by a signal, since terminating one that was just
 * started leaks the lock on time. One starts at a time.
 */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  const server = inject('timeSkipping');
  if ('missing' in server) throw new Error(server.missing);
  const executable = { type: 'existing-path', path: server.path } as const;
  const start = () => TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  const env = await withLock(`${server.path}.starting`, () => untilStarted(start));
  const types = Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [name, indexedValueType(type)]);
  await env.connection.operatorService.addSearchAttributes({ searchAttributes: Object.fromEntries(types) });
  return env;
}

/** A minute of them. */
const STARTS_MAX = 12;

/**
 * The SDK gives a server five seconds to start, which one may miss on a busy machine: a JVM above all. One that was too slow starts again:
 * what it reads is in the page cache then.
 */
async function untilStarted(
  start: () => Promise<TestWorkflowEnvironment>,
  starts = STARTS_MAX,
): Promise<TestWorkflowEnvironment> {
  try {
    return await start();
  } catch (error) {
    const isSlow = error instanceof Error && error.message.includes('did not start within');
    if (!isSlow || starts === 1) throw error;
    return untilStarted(start, starts - 1);
  }
}
