import {
  ActivityFailure,
  ApplicationFailure,
  RetryState,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import type { ActivityResult, Command } from '../runtime/jobs.ts';
import type { Cancel } from '../world/clock.ts';
import type { Begun } from '../world/process.ts';
import type { Execution } from './execution.ts';
import type { TaskServer } from './task-server.ts';
import type { Worker } from './worker.ts';

type Scheduled = Command & { readonly type: 'schedule_activity' | 'schedule_local_activity' };

/**
 * One activity, from being scheduled to its result: each attempt on some worker, repeated by its retry policy, timed out as the
 * server does. An attempt that is given up may still be running.
 */
export class ActivityAttempts {
  readonly #server: TaskServer;
  readonly #execution: Execution;
  readonly #scheduled: Scheduled;
  readonly #place: string;
  readonly #resolve: (result: ActivityResult) => void;
  readonly #endsAt: number;
  #attempt = 0;
  #last: Error | null = null;
  #isDone = false;
  readonly #timers: Cancel[] = [];
  heartbeatDetails: unknown;

  constructor(
    server: TaskServer,
    execution: Execution,
    scheduled: Scheduled,
    place: string,
    resolve: (result: ActivityResult) => void,
  ) {
    this.#server = server;
    this.#execution = execution;
    this.#scheduled = scheduled;
    this.#place = place;
    this.#resolve = resolve;
    const { scheduleToCloseMs } = scheduled.options;
    this.#endsAt = server.clock.now + (scheduleToCloseMs ?? Number.POSITIVE_INFINITY);
    if (scheduleToCloseMs !== null) {
      const end = () => this.#end(this.#timeout(TimeoutType.SCHEDULE_TO_CLOSE));
      this.#timers.push(server.clock.after(scheduleToCloseMs, end));
    }
  }

  /** Hands it to a worker once one is up. */
  begin(): void {
    if (this.#isDone || !this.#execution.isOpen) return;
    const place = `${this.#place} attempt ${this.#attempt + 1}`;
    this.#server.withWorker(place, (worker) => this.#run(worker, place));
  }

  /** In the same worker as its workflow, in the middle of the workflow's task. */
  beginLocally(worker: Worker): void {
    this.#run(worker, `${this.#place} local`);
  }

  #run(worker: Worker, place: string): void {
    if (this.#isDone || !this.#execution.isOpen) return;
    this.#attempt += 1;
    const attempt = this.#attempt;
    const { clock } = this.#server;
    const { startToCloseMs, heartbeatMs } = this.#scheduled.options;
    const isLocal = this.#scheduled.type === 'schedule_local_activity';
    const ended = (failure: Error | null, value?: string): void => {
      worker.lost.delete(lost);
      if (this.#isDone || attempt !== this.#attempt) return;
      if (failure === null) this.#end({ value });
      else this.#failed(failure);
    };
    const startedAt = clock.now;
    const lost = () => {
      // A local activity is gone with its workflow task.
      if (isLocal) return;
      const type = heartbeatMs === null ? TimeoutType.START_TO_CLOSE : TimeoutType.HEARTBEAT;
      const noticedAt = heartbeatMs === null ? startedAt + startToCloseMs : clock.now + heartbeatMs;
      clock.at(noticedAt, () => ended(new TimeoutFailure('activity timed out', undefined, type)));
    };
    worker.lost.add(lost);
    if (Number.isFinite(startToCloseMs)) {
      const late = () =>
        ended(new TimeoutFailure('activity timed out', undefined, TimeoutType.START_TO_CLOSE));
      this.#timers.push(clock.after(startToCloseMs, late));
    }
    this.#server.processes.run(
      { place, worker, attempt: this.#attempt, heartbeat: this } satisfies Begun,
      () => this.#server.callActivity(this.#scheduled.name, this.#scheduled.args, this.#attempt),
      (value) => ended(null, value),
      (error) => ended(error),
    );
  }

  #failed(failure: Error): void {
    const { options, type } = this.#scheduled;
    const { initialMs, coefficient, maximumMs, maximumAttempts } = options.retry;
    const isFinal = failure instanceof ApplicationFailure && failure.nonRetryable === true;
    if (isFinal || this.#attempt >= (maximumAttempts ?? Number.POSITIVE_INFINITY)) {
      const state = isFinal ? RetryState.NON_RETRYABLE_FAILURE : RetryState.MAXIMUM_ATTEMPTS_REACHED;
      const isBare = type === 'schedule_local_activity' && !(failure instanceof TimeoutFailure);
      this.#end({ failure: isBare ? failure : this.#wrapped(failure, state) });
      return;
    }
    this.#last = failure;
    const asked = failure instanceof ApplicationFailure ? failure.nextRetryDelay : undefined;
    const delayMs =
      typeof asked === 'number' ? asked : Math.min(initialMs * coefficient ** (this.#attempt - 1), maximumMs);
    const { clock } = this.#server;
    if (clock.now + delayMs > this.#endsAt) {
      this.#end({ failure: this.#wrapped(failure, RetryState.TIMEOUT) });
      return;
    }
    // What a given-up attempt answers from here on counts no more.
    const attempt = this.#attempt;
    clock.after(delayMs, () => {
      if (attempt === this.#attempt) this.begin();
    });
  }

  #timeout(type: TimeoutType): ActivityResult {
    const timeout = new TimeoutFailure('activity timed out', undefined, type);
    if (this.#last) Object.assign(timeout, { cause: this.#last });
    return { failure: this.#wrapped(timeout, RetryState.TIMEOUT) };
  }

  #wrapped(cause: Error, state: RetryState): Error {
    const { name, seq } = this.#scheduled;
    return new ActivityFailure('Activity task failed', name, String(seq), state, 'worker', cause);
  }

  #end(result: ActivityResult): void {
    if (this.#isDone) return;
    this.#isDone = true;
    for (const cancel of this.#timers) cancel();
    this.#resolve(result);
  }
}
