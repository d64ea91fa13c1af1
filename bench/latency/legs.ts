import type { Client } from '@temporalio/client';

/** An order that was asked for, until its answer. Times in milliseconds since the epoch, with fractions. */
export interface Started {
  readonly workflowId: string;
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** How long each part of the way took, in milliseconds. */
export interface Legs {
  readonly total: number;
  /** Until the start is in the history. */
  readonly toTemporal: number;
  /** Until a worker has the first workflow task. */
  readonly toWorker: number;
  /** Until that task is completed, its local activity included. */
  readonly inWorker: number;
  /** From there to whoever asked. */
  readonly back: number;
  /** Of the time in the worker: what calls to Stripe took. */
  readonly stripe: number;
}

type Event = NonNullable<
  Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistory']>>['history']
>['events'] extends (infer E)[] | null | undefined
  ? E
  : never;

/** `calls`: from when to when each call to Stripe lasted. */
export async function legsOf(
  client: Client,
  { workflowId, sentAt, answeredAt }: Started,
  calls: readonly (readonly [from: number, to: number])[],
): Promise<Legs> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const at = (isIt: (event: Event) => unknown): number => {
    const event = events?.find(isIt);
    if (!event) throw new Error(`${workflowId}: the history lacks an event`);
    return Number(event.eventTime?.seconds) * 1_000 + (event.eventTime?.nanos ?? 0) / 1e6;
  };
  const startedAt = at((event) => event.workflowExecutionStartedEventAttributes);
  const takenAt = at((event) => event.workflowTaskStartedEventAttributes);
  const completedAt = at((event) => event.workflowTaskCompletedEventAttributes);
  const own = calls.filter(([from, to]) => from >= takenAt && to <= answeredAt);
  return {
    total: answeredAt - sentAt,
    toTemporal: startedAt - sentAt,
    toWorker: takenAt - startedAt,
    inWorker: completedAt - takenAt,
    back: answeredAt - completedAt,
    stripe: own.reduce((sum, [from, to]) => sum + to - from, 0),
  };
}
