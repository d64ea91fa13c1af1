import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { withOrphanGuard } from './orphan-guard.ts';

/** Above this a log is set aside (one generation), so that a service left running can't fill the disk. */
const LOG_BYTES_MAX = 20_000_000;
const TAIL_LINES = 8;

/** One life of one process: what it prints goes to its log file, to listeners, and the last of it stays for messages. */
export class Child {
  /** How it ended: `exit code 1`, `SIGKILL`. Never rejects. */
  readonly ended: Promise<string>;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #listeners: ((line: string) => void)[] = [];
  readonly #tail: string[] = [];

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv, logFile: string) {
    const guarded = withOrphanGuard(command, args);
    // A group of its own: Ctrl-C reaches us alone, and we end the parts in order.
    this.#process = spawn(guarded.command, guarded.args, {
      env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#process.stdin.on('error', () => undefined);
    const log = this.#record(logFile);
    this.ended = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(error.message));
      this.#process.once('exit', () => this.#endGroup());
      // After `exit`, when the last of its output has been read, and is in its log.
      this.#process.once('close', (code, signal) => log.end(() => resolve(signal ?? `exit code ${code}`)));
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** The last lines that it printed. */
  get tail(): string {
    return this.#tail.join('\n');
  }

  onLine(listener: (line: string) => void): void {
    this.#listeners.push(listener);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  #record(logFile: string): Writable {
    mkdirSync(dirname(logFile), { recursive: true });
    if (existsSync(logFile) && statSync(logFile).size > LOG_BYTES_MAX) renameSync(logFile, `${logFile}.1`);
    const log = createWriteStream(logFile, { flags: 'a' });
    // A full disk costs the log, not the process.
    log.on('error', () => undefined);
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        this.#tail.push(line);
        if (this.#tail.length > TAIL_LINES) this.#tail.shift();
        for (const listener of this.#listeners) listener(line);
      });
    }
    return log;
  }

  /** The guard, and whatever else it left behind. */
  #endGroup(): void {
    try {
      if (this.pid !== undefined) process.kill(-this.pid, 'SIGKILL');
    } catch {
      // Nothing was left.
    }
  }
}
