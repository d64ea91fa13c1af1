/**
 * Stands in for `@temporalio/workflow`: what workflow code imports is this file, in the bundle of the simulation alone
 * (simulation/build.ts). It has exactly what Waybill's workflows use.
 */
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { CancelledFailure } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { ContinueAsNew } from './continue-as-new.ts';
import type { ActivityOptions } from './jobs.ts';
import { toJson } from './jobs.ts';
import type { RunInfo } from './workflow-run.ts';
import { currentRun } from './workflow-run.ts';

export {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/common';

interface Definition {
  readonly type: 'signal' | 'update' | 'query';
  readonly name: string;
}

export const defineSignal = (name: string): Definition => ({ type: 'signal', name });
export const defineUpdate = (name: string): Definition => ({ type: 'update', name });
export const defineQuery = (name: string): Definition => ({ type: 'query', name });

type Handler = (...args: unknown[]) => unknown;

export function setHandler(
  { type, name }: Definition,
  handler: Handler,
  options?: { validator?: Handler },
): void {
  currentRun().setHandler(type, name, handler, options?.validator);
}

export async function condition(isTrue: () => boolean, timeout?: number): Promise<boolean | undefined> {
  const run = currentRun();
  if (timeout === undefined) {
    await run.until(isTrue).met;
    return undefined;
  }
  const timer = run.startTimer(timeout);
  const { met, forget } = run.until(isTrue);
  try {
    return await Promise.race([timer.fired.then(() => false), met.then(() => true)]);
  } finally {
    forget();
    timer.cancel();
  }
}

export function sleep(ms: number): Promise<void> {
  return currentRun().startTimer(ms).fired;
}

export const workflowInfo = (): RunInfo => currentRun().info;
export const currentUpdateInfo = (): { readonly id: string } | null => currentRun().update;
export const allHandlersFinished = (): boolean => !currentRun().hasHandlersRunning;
export const upsertSearchAttributes = (pairs: SearchAttributeUpdatePair[]): void =>
  currentRun().upsert(pairs);
export const upsertMemo = (values: Record<string, unknown>): void => currentRun().upsertMemo(values);
export const isCancellation = (error: unknown): boolean => error instanceof CancelledFailure;

/** What only people see, and what only a version needs. */
export const setCurrentDetails = (): void => {};
export const setWorkflowOptions = (): void => {};
const metric = { add: () => {}, record: () => {}, set: () => {} };
export const metricMeter = {
  createCounter: () => metric,
  createHistogram: () => metric,
  createGauge: () => metric,
};

/** Nobody cancels a workflow here. */
export const CancellationScope = { nonCancellable: <T>(run: () => Promise<T>): Promise<T> => run() };

export async function continueAsNew(...args: unknown[]): Promise<never> {
  throw new ContinueAsNew(toJson(args) ?? '[]');
}

interface AskedOptions {
  readonly startToCloseTimeout?: string | number;
  readonly scheduleToCloseTimeout?: string | number;
  readonly heartbeatTimeout?: string | number;
  readonly retry?: {
    readonly initialInterval?: string | number;
    readonly backoffCoefficient?: number;
    readonly maximumInterval?: string | number;
    readonly maximumAttempts?: number;
  };
}

export const proxyActivities = (asked: AskedOptions) => proxy(asked, false);
export const proxyLocalActivities = (asked: AskedOptions) => proxy(asked, true);

function proxy(asked: AskedOptions, isLocal: boolean) {
  const options = optionsOf(asked);
  const call =
    (name: string) =>
    (...args: unknown[]) =>
      currentRun().callActivity(isLocal, name, args, options);
  return new Proxy({}, { get: (_, name) => call(String(name)) });
}

/** With the server's defaults. */
function optionsOf({ retry = {}, ...asked }: AskedOptions): ActivityOptions {
  const initialMs = msOf(retry.initialInterval) ?? 1_000;
  return {
    startToCloseMs: msOf(asked.startToCloseTimeout) ?? Number.POSITIVE_INFINITY,
    scheduleToCloseMs: msOf(asked.scheduleToCloseTimeout),
    heartbeatMs: msOf(asked.heartbeatTimeout),
    retry: {
      initialMs,
      coefficient: retry.backoffCoefficient ?? 2,
      maximumMs: msOf(retry.maximumInterval) ?? 100 * initialMs,
      maximumAttempts: retry.maximumAttempts ?? null,
    },
  };
}

function msOf(time: string | number | undefined): number | null {
  return time === undefined ? null : msToNumber(time as number);
}
