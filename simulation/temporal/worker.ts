import type { WorkflowRun } from '../runtime/workflow-run.ts';
import type { Execution } from './execution.ts';

/** A process that carries workflows and activities. A crash takes with it all that only it knew. */
export class Worker {
  readonly id: number;
  /** Which life of the process this is. */
  life = 0;
  isUp = true;
  readonly runs = new Map<string, WorkflowRun>();
  /** Called when it crashes: what the server does once it notices. */
  readonly lost = new Set<() => void>();

  constructor(id: number) {
    this.id = id;
  }

  crash(): void {
    this.isUp = false;
    this.life += 1;
    this.runs.clear();
    const lost = [...this.lost];
    this.lost.clear();
    for (const notice of lost) notice();
  }

  evict({ runId }: Execution): void {
    this.runs.delete(runId);
  }
}
