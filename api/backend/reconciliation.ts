import type { Client } from '@temporalio/client';
import { ScheduleNotFoundError } from '@temporalio/client';
import { reconciliationQuery } from '../../contract/reconciliation.ts';
import { problem } from '../../domain/errors.ts';
import { RECONCILE_SCHEDULE_ID, RECONCILIATION_WORKFLOW_ID } from '../../domain/ids.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { ReconciliationReport } from '../../domain/reconciliation/reconciliation.ts';
import { ask } from '../../temporal/ask.ts';
import { faultOf } from '../../temporal/faults.ts';
import { READ_WITHIN_MS, within } from './wait.ts';

/** The comparison of the platform's balance with the orders. */
export class Reconciliation {
  readonly #temporal: Client;

  constructor(temporal: Client) {
    this.#temporal = temporal;
  }

  /** The last run's report; null: none has ended yet. */
  async report(): Promise<ReconciliationReport | null> {
    try {
      const handle = this.#temporal.workflow.getHandle(RECONCILIATION_WORKFLOW_ID);
      return await ask(this.#temporal, () => handle.query(reconciliationQuery));
    } catch (error) {
      if (faultOf(error)?.type === 'not_found') return null;
      throw error;
    }
  }

  /** Begins a run now, unless one is on its way. */
  async start(): Promise<void> {
    try {
      const schedule = this.#temporal.schedule.getHandle(RECONCILE_SCHEDULE_ID);
      await within(this.#temporal, READ_WITHIN_MS, () => schedule.trigger());
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      const why = `The schedule ${RECONCILE_SCHEDULE_ID} does not exist yet: a worker makes it when it starts.`;
      throw new ProblemError(problem('unavailable', why), {}, { cause: error });
    }
  }
}
