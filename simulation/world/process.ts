import type { Worker } from '../temporal/worker.ts';
import type { Cancel, VirtualClock } from './clock.ts';

/** Something that runs beside others and waits for Stripe or Temporal: an attempt of an activity, a request to the API. */
export interface Process {
  /** Its name: where decisions about it are taken. */
  readonly place: string;
  /** The worker it dies with; null: it runs elsewhere. */
  readonly worker: Worker | null;
  /** Which attempt of an activity, from 1. */
  readonly attempt: number;
  /** Keeps what an attempt has noted. */
  readonly heartbeat: { heartbeatDetails: unknown } | null;
  readonly life: number;
  /** Requests sent, for the names of places. */
  requests: number;
  /** What it waits for. */
  waits: number;
  isOver: boolean;
}

/** A process before it begins. */
export type Begun = Pick<Process, 'place' | 'worker' | 'attempt' | 'heartbeat'>;

/**
 * All processes. Exactly one runs at a time, from one wait to the next, so that what it does is known to be its doing; what has died
 * never comes back.
 */
export class Processes {
  readonly #clock: VirtualClock;
  #current: Process | null = null;
  /** Whether one has run since the last step was over. */
  isStepping = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get current(): Process {
    if (!this.#current) throw new Error('No process runs here.');
    return this.#current;
  }

  /** Whether the last step is over: its process waits for the clock or has ended. Otherwise it waits for something real. */
  get areIdle(): boolean {
    return this.#current === null || this.#current.isOver || this.#current.waits > 0;
  }

  run<T>(
    process: Begun,
    work: () => Promise<T>,
    done: (value: T) => void,
    failed: (error: Error) => void,
  ): void {
    const started: Process = {
      ...process,
      requests: 0,
      waits: 0,
      isOver: false,
      life: process.worker?.life ?? 0,
    };
    const ended = (report: () => void) => {
      started.isOver = true;
      if (isAlive(started)) report();
    };
    this.#step(started, () => {
      work().then(
        (value) => ended(() => done(value)),
        (error: Error) => ended(() => failed(error)),
      );
    });
  }

  /** Waits until `begin` calls back. Whoever has died meanwhile waits without end. */
  wait<T>(
    begin: (resolve: (value: T) => void, reject: (error: unknown) => void, process: Process) => void,
  ): Promise<T> {
    const process = this.current;
    process.waits += 1;
    let isOver = false;
    const resume = (go: () => void) => {
      if (isOver) return;
      isOver = true;
      this.#step(process, () => {
        process.waits -= 1;
        go();
      });
    };
    return new Promise<T>((resolve, reject) => {
      begin(
        (value) => resume(() => resolve(value)),
        (error) => resume(() => reject(error)),
        process,
      );
    });
  }

  /** What a process does until it waits is a step of its own. */
  #step(process: Process, go: () => void): void {
    this.#clock.after(0, () => {
      if (!isAlive(process)) return;
      this.#current = process;
      this.isStepping = true;
      go();
    });
  }

  /** What ran has come to its wait or its end. */
  endStep(): void {
    this.isStepping = false;
  }

  /** Of the process that runs. `ms`: of virtual time. */
  startTimer(fire: () => void, ms: number): Cancel {
    const process = this.current;
    process.waits += 1;
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      process.waits -= 1;
    };
    const cancel = this.#clock.after(ms, () =>
      this.#step(process, () => {
        over();
        fire();
      }),
    );
    return () => {
      over();
      cancel();
    };
  }

  /** Milliseconds of virtual time. */
  sleep(ms: number): Promise<void> {
    return this.wait<void>((resolve) => this.#clock.after(ms, () => resolve(undefined)));
  }
}

function isAlive({ worker, life }: Process): boolean {
  return worker === null || (worker.isUp && worker.life === life);
}
