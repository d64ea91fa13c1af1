import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child.ts';
import { becomesReady, type Readiness } from './readiness.ts';
import { RestartBudget } from './restart-budget.ts';

/** How to run a part. Evaluated at each start. */
export interface Launch {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  ready: Readiness;
}

export interface ManagedProcessOptions {
  name: string;
  logFile: string;
  launch: () => Promise<Launch>;
  /** Start it again when it dies unasked. */
  supervise: boolean;
  /** What a person should know: a death, a return. */
  report: (line: string) => void;
  /** Each line that the process prints. */
  onLine: (line: string) => void;
  /** It died too often, and nobody will start it again. */
  onGivenUp: (why: string) => void;
}

/** Longer than the worker gives its running activities. */
const STOP_WITHIN_MS = 30_000;

/** One part of the system as a real process: started, watched, killed and started again. */
export class ManagedProcess {
  readonly #options: ManagedProcessOptions;
  readonly #budget = new RestartBudget();
  #child: Child | undefined;
  /** Whether it should be running: distinguishes a crash from a stop. */
  #wanted = false;

  constructor(options: ManagedProcessOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    if (this.#child !== undefined) throw new Error(`${this.#options.name} runs already.`);
    this.#wanted = true;
    await this.#spawn();
  }

  /** Sends a deadly signal and waits for the end. Unless it is supervised it stays down until `restart()`. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT' = 'SIGKILL'): Promise<void> {
    if (!this.#options.supervise) this.#wanted = false;
    this.#child?.kill(signal);
    await this.#child?.ended;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends it politely, and after a while by force. */
  async stop(): Promise<void> {
    this.#wanted = false;
    const child = this.#child;
    if (child === undefined) return;
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await child.ended;
    clearTimeout(force);
  }

  async #spawn(): Promise<void> {
    const { name, launch, logFile, onLine } = this.#options;
    const { command, args, env, ready } = await launch();
    if (!this.#wanted) throw new Error(`${name} was stopped while it started.`);
    const child = new Child(command, args, env, logFile);
    this.#child = child;
    child.onLine(onLine);
    const gone = child.ended.then((how) => {
      this.#child = undefined;
      return how;
    });
    try {
      await becomesReady(name, child, ready);
    } catch (error) {
      child.kill('SIGKILL');
      await gone;
      throw error;
    }
    void gone.then((how) => this.#afterDeath(how));
  }

  async #afterDeath(how: string): Promise<void> {
    const { name, supervise, report, logFile, onGivenUp } = this.#options;
    if (!this.#wanted) return;
    report(`${name} died (${how}); its log is ${logFile}`);
    while (supervise && this.#wanted && this.#child === undefined) {
      const delayMs = this.#budget.nextDelayMs(performance.now());
      if (delayMs === undefined) return onGivenUp(`${name} keeps dying; it is not started again`);
      await sleep(delayMs);
      await this.#comeBack();
    }
  }

  async #comeBack(): Promise<void> {
    const { name, report } = this.#options;
    if (!this.#wanted || this.#child !== undefined) return;
    try {
      await this.#spawn();
      report(`${name} is back`);
    } catch (error) {
      if (this.#wanted) report(error instanceof Error ? error.message : String(error));
    }
  }
}
