import { WaybillProblem, WaybillUnreachable } from '@waybill/client';
import pc from 'picocolors';
import { note } from './output.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Nobody knows whether a command took effect. A repeat under its key is harmless. */
export class UnclearOutcome extends Error {
  override readonly name = 'UnclearOutcome';
  /** The options that make it the same request. */
  readonly repeat: string;

  constructor(cause: unknown, repeat: string) {
    super('the outcome is not known', { cause });
    this.repeat = repeat;
  }
}

/** Sends a command; a failure that leaves open whether it took effect says how to repeat it. */
export async function sent<T>(repeat: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw isUnclear(error) ? new UnclearOutcome(error, repeat) : error;
  }
}

function isUnclear(error: unknown): boolean {
  if (error instanceof WaybillUnreachable) return true;
  return error instanceof WaybillProblem && (error.status >= 500 || isStillRunning(error));
}

/** An earlier attempt of this very command is on its way. */
export function isStillRunning({ code }: WaybillProblem): boolean {
  return code === 'idempotency_key_in_use';
}

export function howToRepeat(options: string): string {
  return `Whether it took effect is not known. Repeat it with ${options}`;
}

/** Lets whoever stops the command meanwhile (Ctrl-C) know where it stands. */
export async function unlessStopped<T>(
  sentence: string,
  exitCode: number,
  work: () => Promise<T>,
): Promise<T> {
  const stop = () => {
    note(`${pc.red('stopped:')} ${sentence}`);
    process.exit(exitCode);
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
