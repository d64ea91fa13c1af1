import {
  ActivityFailure,
  defaultFailureConverter,
  defaultPayloadConverter,
  RetryState,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import * as workflows from '../workflows/index.ts';
import type { ActivityResult, Command, Job } from './runtime/jobs.ts';
import { toJson } from './runtime/jobs.ts';
import { WorkflowRun } from './runtime/workflow-run.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Payload = temporal.api.common.v1.IPayload;

/** One workflow task of a recorded history. */
interface Task {
  readonly at: number;
  readonly continueAsNewSuggested: boolean;
  readonly jobs: Job[];
  /** What the run asked for, as texts. */
  readonly asked: string[];
  /** Of local activities, in the order in which they ended. */
  readonly markers: { readonly seq: number; readonly at: number; readonly result: ActivityResult }[];
}

/**
 * What the stand-in makes of a history that a real server recorded: what each task asked for, as recorded and as the stand-in asks for
 * it. As in a real replay, arguments may have changed since.
 */
export async function replayHistory(json: unknown): Promise<{ recorded: string[][]; standIn: string[][] }> {
  const events = historyFromJSON(json).events ?? [];
  const tasks = tasksOf(events);
  const run = newRun(events[0]);
  const standIn: string[][] = [];
  for (const [number, { at, jobs, continueAsNewSuggested, markers }] of tasks.entries()) {
    const asked: string[] = [];
    const activate = async (time: number, told: readonly Job[]) => {
      const commands = await run.activate({ at: time, jobs: told, continueAsNewSuggested }, true);
      asked.push(...commands.flatMap(textOf));
    };
    await activate(at, jobs);
    for (const { seq, at: ended, result } of markers) {
      asked.push(`local activity ${seq}`);
      const resolved = { type: 'resolve_activity', seq, result } as const;
      const next = tasks[number + 1];
      // The server wanted a sign of life, and the run went on in a task of its own.
      if (next?.jobs.length === 0) next.jobs.push(resolved);
      else await activate(ended, [resolved]);
    }
    standIn.push(asked);
  }
  return { recorded: tasks.map(({ asked }) => asked), standIn };
}

function newRun(started: Event | undefined): WorkflowRun {
  const attributes = started?.workflowExecutionStartedEventAttributes;
  const type = attributes?.workflowType?.name ?? '';
  const workflow = (workflows as Readonly<Record<string, (...args: never[]) => unknown>>)[type];
  if (!workflow) throw new Error(`There is no workflow ${type}.`);
  const continued = attributes?.continuedExecutionRunId;
  const info = {
    workflowId: attributes?.workflowId ?? '',
    runId: attributes?.originalExecutionRunId ?? '',
    firstExecutionRunId: attributes?.firstExecutionRunId ?? '',
    workflowType: type,
    startTime: new Date(timeOf(started)),
    lastResult: attributes?.lastCompletionResult?.payloads?.map(unpacked)[0],
    memo: valuesOf(attributes?.memo?.fields),
    ...(continued ? { continuedFromExecutionRunId: continued } : {}),
    continueAsNewSuggested: false,
    currentDeploymentVersion: undefined,
  };
  return new WorkflowRun(workflow, info, valuesOf(attributes?.searchAttributes?.indexedFields));
}

function tasksOf(events: readonly Event[]): Task[] {
  const tasks: Task[] = [];
  const activities = new Map<string, { readonly seq: number; readonly name: string }>();
  const timers = new Map<string, number>();
  let jobs: Job[] = [];
  let started: Event | undefined;
  for (const event of events) {
    const task = tasks.at(-1);
    if (event.workflowTaskStartedEventAttributes) started = event;
    else if (event.workflowTaskCompletedEventAttributes) {
      const continueAsNewSuggested =
        started?.workflowTaskStartedEventAttributes?.suggestContinueAsNew ?? false;
      tasks.push({ at: timeOf(started), continueAsNewSuggested, jobs, asked: [], markers: [] });
      jobs = [];
    } else {
      const job = jobOf(event, activities, timers);
      if (job) jobs.push(job);
      if (task) takeCommand(task, event, activities, timers);
    }
  }
  return tasks;
}

/** What an event tells the run; null: nothing. */
function jobOf(
  event: Event,
  activities: ReadonlyMap<string, { readonly seq: number; readonly name: string }>,
  timers: ReadonlyMap<string, number>,
): Job | null {
  const started = event.workflowExecutionStartedEventAttributes;
  if (started) return { type: 'start', args: argsOf(started.input) };
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal) return { type: 'signal', name: signal.signalName ?? '', args: argsOf(signal.input) };
  const fired = event.timerFiredEventAttributes;
  if (fired) return { type: 'fire_timer', seq: timers.get(fired.timerId ?? '') ?? 0 };
  const ended =
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes;
  const activity = ended && activities.get(String(ended.scheduledEventId));
  if (!activity) return null;
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed) return { type: 'resolve_activity', seq: activity.seq, result: resultOf(completed.result) };
  const failure =
    event.activityTaskFailedEventAttributes?.failure ?? event.activityTaskTimedOutEventAttributes?.failure;
  const cause = failure ? errorOf(failure) : new TimeoutFailure('', undefined, TimeoutType.START_TO_CLOSE);
  const id = String(activity.seq);
  const wrapped = new ActivityFailure('', activity.name, id, RetryState.TIMEOUT, undefined, cause);
  return { type: 'resolve_activity', seq: activity.seq, result: { failure: wrapped } };
}

/** Notes what a task asked for, by the event that it became. */
function takeCommand(
  task: Task,
  event: Event,
  activities: Map<string, { readonly seq: number; readonly name: string }>,
  timers: Map<string, number>,
): void {
  const accepted = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest;
  if (accepted) {
    const id = accepted.meta?.updateId ?? '';
    task.jobs.push({
      type: 'update',
      id,
      name: accepted.input?.name ?? '',
      args: argsOf(accepted.input?.args),
    });
    task.asked.push(`accept ${id}`);
  }
  const completed = event.workflowExecutionUpdateCompletedEventAttributes;
  if (completed)
    task.asked.push(`answer ${completed.meta?.updateId} ${completed.outcome?.success ? 'value' : 'failure'}`);
  const marker = event.markerRecordedEventAttributes;
  if (marker?.markerName === 'core_local_activity') {
    const { seq, complete_time: time } = unpacked(marker.details?.data?.payloads?.[0]) as LocalMarker;
    const at = msOf(time);
    const result = marker.failure ? { failure: errorOf(marker.failure) } : resultOf(marker.details?.result);
    task.markers.push({ seq, at, result });
    task.asked.push(`local activity ${seq}`);
  }
  const scheduled = event.activityTaskScheduledEventAttributes;
  if (scheduled) {
    const [seq, name] = [Number(scheduled.activityId), scheduled.activityType?.name ?? ''];
    activities.set(String(event.eventId), { seq, name });
    task.asked.push(`activity ${seq} ${name}`);
  }
  const timer = event.timerStartedEventAttributes;
  if (timer) {
    timers.set(timer.timerId ?? '', Number(timer.timerId));
    task.asked.push(`timer ${timer.timerId} ${msOf(timer.startToFireTimeout)}`);
  }
  const canceled = event.timerCanceledEventAttributes;
  if (canceled) task.asked.push(`cancel timer ${canceled.timerId}`);
  const upsert = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
  if (upsert) task.asked.push(`attributes ${sortedJson(valuesOf(upsert))}`);
  const memo = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields;
  if (memo) task.asked.push(`memo ${sortedJson(valuesOf(memo))}`);
  const ended = event.workflowExecutionCompletedEventAttributes;
  if (ended) task.asked.push(`complete ${JSON.stringify(resultOf(ended.result))}`);
  if (event.workflowExecutionFailedEventAttributes) task.asked.push('fail');
  const next = event.workflowExecutionContinuedAsNewEventAttributes;
  if (next) task.asked.push('continue');
}

interface LocalMarker {
  readonly seq: number;
  readonly complete_time: Seconds;
}

/** The same of the stand-in's commands; a local activity shows once it has ended. */
function textOf(command: Command): string[] {
  switch (command.type) {
    case 'accept_update':
      return [`accept ${command.id}`];
    case 'complete_update':
      return [`answer ${command.id} ${'value' in command.result ? 'value' : 'failure'}`];
    case 'schedule_activity':
      return [`activity ${command.seq} ${command.name}`];
    case 'start_timer':
      return [`timer ${command.seq} ${command.ms}`];
    case 'cancel_timer':
      return [`cancel timer ${command.seq}`];
    case 'upsert_search_attributes':
      return [`attributes ${sortedJson(command.values)}`];
    case 'upsert_memo':
      return [`memo ${sortedJson(command.values)}`];
    case 'complete':
      return [`complete ${JSON.stringify({ value: command.value })}`];
    case 'fail':
      return ['fail'];
    case 'continue_as_new':
      return ['continue'];
    default:
      return [];
  }
}

function sortedJson(values: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(values)
    .map(([name, value]) => [name, Array.isArray(value) && value.length === 1 ? value[0] : value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(entries));
}

function timeOf(event: Event | undefined): number {
  return msOf(event?.eventTime);
}

interface Seconds {
  readonly seconds?: unknown;
  readonly nanos?: number | null;
}

function msOf(time: Seconds | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1_000_000);
}

function unpacked(payload: Payload | null | undefined): unknown {
  return payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
}

function valuesOf(fields: Readonly<Record<string, Payload>> | null | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields ?? {}).map(([name, payload]) => [name, unpacked(payload)]));
}

function argsOf(payloads: temporal.api.common.v1.IPayloads | null | undefined): string {
  return JSON.stringify((payloads?.payloads ?? []).map(unpacked));
}

function resultOf(payloads: temporal.api.common.v1.IPayloads | null | undefined): {
  value: string | undefined;
} {
  return { value: toJson(unpacked(payloads?.payloads?.[0])) };
}

function errorOf(failure: temporal.api.failure.v1.IFailure): Error {
  return defaultFailureConverter.failureToError(failure, defaultPayloadConverter);
}
