interface Described {
  readonly status: { readonly name: string };
}

const STOPPED: ReadonlySet<string> = new Set(['TERMINATED', 'CANCELLED', 'TIMED_OUT']);

/** Whether a workflow has not ended: one that somebody has paused in Temporal goes on, once it is unpaused. */
export function isOpen({ status }: Described): boolean {
  return status.name === 'RUNNING' || status.name === 'PAUSED';
}

/** Whether somebody ended it before its time. */
export function wasStopped({ status }: Described): boolean {
  return STOPPED.has(status.name);
}
