import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { TemporalFailure } from '@temporalio/common';
import { settle } from '../world/clock.ts';
import { ContinueAsNew } from './continue-as-new.ts';
import type { ActivityOptions, ActivityResult, Command, Job } from './jobs.ts';
import { fromJson, toJson } from './jobs.ts';

/** What a workflow may know of itself. */
export interface RunInfo {
  readonly workflowId: string;
  readonly runId: string;
  readonly firstExecutionRunId: string;
  readonly workflowType: string;
  readonly startTime: Date;
  readonly lastResult: unknown;
  /** Absent: it is the first run. */
  readonly continuedFromExecutionRunId?: string;
  memo: Readonly<Record<string, unknown>>;
  typedSearchAttributes: SearchAttributes;
  continueAsNewSuggested: boolean;
  readonly currentDeploymentVersion: undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: handlers of any messages
type Handler = (...args: any[]) => any;

interface UpdateHandler {
  readonly handler: Handler;
  readonly validator: Handler | undefined;
}

interface Waiting {
  readonly isTrue: () => boolean;
  readonly resolve: () => void;
}

/** The server makes shorter and longer timers fit: 100 years are its most. */
const TIMER_MIN_MS = 1;
const TIMER_MAX_MS = 100 * 365 * 24 * 3_600_000;

let current: WorkflowRun | null = null;

/** The workflow whose code runs. */
export function currentRun(): WorkflowRun {
  if (!current) throw new Error('This may be used by workflow code alone.');
  return current;
}

/** The time that workflow code sees; null: no workflow code runs. */
export function workflowTime(): number | null {
  return current?.at ?? null;
}

/** One run of a workflow in the memory of a worker: the part of Temporal's runtime that Waybill uses. */
export class WorkflowRun {
  readonly info: RunInfo;
  at = 0;
  /** Which update is being validated. */
  update: { readonly id: string } | null = null;
  /** How often it was activated. */
  rounds = 0;
  /** Why its tasks fail: an error that is none of Temporal's. */
  broken: unknown = null;
  readonly #workflow: Handler;
  readonly #signals = new Map<string, Handler>();
  readonly #updates = new Map<string, UpdateHandler>();
  readonly #queries = new Map<string, Handler>();
  readonly #unheard: Job[] = [];
  readonly #conditions = new Set<Waiting>();
  readonly #timers = new Map<number, () => void>();
  readonly #activities = new Map<number, (result: ActivityResult) => void>();
  #attributes: Readonly<Record<string, unknown>>;
  #commands: Command[] = [];
  #timerSeq = 0;
  #activitySeq = 0;
  #handling = 0;

  constructor(
    workflow: Handler,
    info: Omit<RunInfo, 'typedSearchAttributes'>,
    searchAttributes: Readonly<Record<string, unknown>>,
  ) {
    this.#workflow = workflow;
    this.#attributes = searchAttributes;
    this.info = { ...info, typedSearchAttributes: searchAttributesOf(searchAttributes) };
  }

  /** Tells it something, and returns what it asks for. `isReplay`: what it accepted before is not validated again. */
  async activate(
    {
      at,
      jobs,
      continueAsNewSuggested,
    }: { at: number; jobs: readonly Job[]; continueAsNewSuggested: boolean },
    isReplay: boolean,
  ): Promise<readonly Command[]> {
    this.rounds += 1;
    this.at = at;
    this.info.continueAsNewSuggested = continueAsNewSuggested;
    current = this;
    try {
      for (const job of jobs) if (job.type !== 'start') this.#take(job, isReplay);
      const start = jobs.find((job) => job.type === 'start');
      if (start) this.#start(start.args);
      do await settle();
      while (this.#unblock());
    } finally {
      current = null;
    }
    if (this.broken !== null) throw this.broken;
    return this.#commands.splice(0);
  }

  query(name: string, args: string): unknown {
    const handler = this.#queries.get(name);
    if (!handler) throw new Error(`no query ${name}`);
    current = this;
    try {
      return fromJson(toJson(handler(...(fromJson(args) as unknown[]))));
    } finally {
      current = null;
    }
  }

  /** What a query answers, the very object: whoever looks must not change it. */
  peek(name: string, args: readonly unknown[]): unknown {
    return this.#queries.get(name)?.(...args);
  }

  get hasHandlersRunning(): boolean {
    return this.#handling > 0;
  }

  setHandler(kind: 'signal' | 'update' | 'query', name: string, handler: Handler, validator?: Handler): void {
    if (kind === 'query') this.#queries.set(name, handler);
    else if (kind === 'update') this.#updates.set(name, { handler, validator });
    else this.#signals.set(name, handler);
    for (const job of this.#unheard.splice(0)) this.#take(job, false);
  }

  /** Resolves once it is true. */
  until(isTrue: () => boolean): { readonly met: Promise<void>; readonly forget: () => void } {
    if (isTrue()) return { met: Promise.resolve(), forget: () => {} };
    let waiting: Waiting | undefined;
    const met = new Promise<void>((resolve) => {
      waiting = { isTrue, resolve };
      this.#conditions.add(waiting);
    });
    return { met, forget: () => waiting && this.#conditions.delete(waiting) };
  }

  startTimer(ms: number): { readonly fired: Promise<void>; readonly cancel: () => void } {
    const seq = ++this.#timerSeq;
    const taken = Math.min(Math.max(TIMER_MIN_MS, Math.round(ms)), TIMER_MAX_MS);
    this.#commands.push({ type: 'start_timer', seq, ms: taken });
    const fired = new Promise<void>((resolve) => this.#timers.set(seq, resolve));
    const cancel = () => {
      if (!this.#timers.delete(seq)) return;
      // What the server has not heard of is not canceled there either.
      const unsent = this.#commands.findIndex((one) => one.type === 'start_timer' && one.seq === seq);
      if (unsent < 0) this.#commands.push({ type: 'cancel_timer', seq });
      else this.#commands.splice(unsent, 1);
    };
    return { fired, cancel };
  }

  callActivity(isLocal: boolean, name: string, args: unknown[], options: ActivityOptions): Promise<unknown> {
    const seq = ++this.#activitySeq;
    const type = isLocal ? 'schedule_local_activity' : 'schedule_activity';
    this.#commands.push({ type, seq, name, args: toJson(args) ?? '[]', options });
    return new Promise((resolve, reject) => {
      this.#activities.set(seq, (result) => {
        if ('failure' in result) reject(result.failure);
        else resolve(fromJson(result.value));
      });
    });
  }

  upsert(pairs: readonly SearchAttributeUpdatePair[]): void {
    const values = Object.fromEntries(pairs.map(({ key, value }) => [key.name, value]));
    this.#attributes = { ...this.#attributes, ...values };
    this.info.typedSearchAttributes = searchAttributesOf(this.#attributes);
    this.#commands.push({ type: 'upsert_search_attributes', values });
  }

  upsertMemo(values: Readonly<Record<string, unknown>>): void {
    const copied = fromJson(toJson(values)) as Record<string, unknown>;
    this.info.memo = { ...this.info.memo, ...copied };
    this.#commands.push({ type: 'upsert_memo', values: copied });
  }

  #take(job: Job, isReplay: boolean): void {
    switch (job.type) {
      case 'signal': {
        const handler = this.#signals.get(job.name);
        if (handler) this.#handle(async () => handler(...(fromJson(job.args) as unknown[])));
        else this.#unheard.push(job);
        return;
      }
      case 'update':
        this.#update(job, isReplay);
        return;
      case 'fire_timer': {
        const fire = this.#timers.get(job.seq);
        this.#timers.delete(job.seq);
        fire?.();
        return;
      }
      case 'resolve_activity': {
        const resolve = this.#activities.get(job.seq);
        this.#activities.delete(job.seq);
        resolve?.(job.result);
      }
    }
  }

  #update(job: Job & { type: 'update' }, isReplay: boolean): void {
    const known = this.#updates.get(job.name);
    if (!known) {
      this.#unheard.push(job);
      return;
    }
    const { id } = job;
    this.update = { id };
    try {
      if (!isReplay) known.validator?.(...(fromJson(job.args) as unknown[]));
    } catch (failure) {
      this.#commands.push({ type: 'reject_update', id, failure: failure as Error });
      return;
    } finally {
      this.update = null;
    }
    this.#commands.push({ type: 'accept_update', id });
    this.#handle(async () => {
      try {
        const value = toJson(await known.handler(...(fromJson(job.args) as unknown[])));
        this.#commands.push({ type: 'complete_update', id, result: { value } });
      } catch (failure) {
        if (!(failure instanceof TemporalFailure)) throw failure;
        this.#commands.push({ type: 'complete_update', id, result: { failure } });
      }
    });
  }

  #handle(run: () => Promise<unknown>): void {
    this.#handling += 1;
    run()
      .catch((error: unknown) => {
        this.broken = error;
      })
      .finally(() => {
        this.#handling -= 1;
      });
  }

  #start(args: string): void {
    const run = async () => this.#workflow(...(fromJson(args) as unknown[]));
    run().then(
      (value) => this.#commands.push({ type: 'complete', value: toJson(value) }),
      (error: unknown) => {
        if (error instanceof ContinueAsNew) {
          this.#commands.push({ type: 'continue_as_new', args: error.args });
        } else if (error instanceof TemporalFailure) {
          this.#commands.push({ type: 'fail', failure: error });
        } else this.broken = error;
      },
    );
  }

  #unblock(): boolean {
    let isAnyMet = false;
    for (const waiting of this.#conditions) {
      if (!waiting.isTrue()) continue;
      this.#conditions.delete(waiting);
      waiting.resolve();
      isAnyMet = true;
    }
    return isAnyMet;
  }
}

/** What of Temporal's typed search attributes is used. */
export interface SearchAttributes {
  get(key: { readonly name: string }): unknown;
}

export function searchAttributesOf(values: Readonly<Record<string, unknown>>): SearchAttributes {
  return { get: ({ name }) => values[name] ?? undefined };
}
