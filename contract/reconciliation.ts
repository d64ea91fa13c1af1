import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ReconciliationFailure, ReconciliationReport } from '../domain/reconciliation/reconciliation.ts';

export const RECONCILE_WORKFLOW = 'reconcile';

export const RECONCILIATION_WORKFLOW = 'reconciliation';

/** Gives the report of a run to the `reconciliation` workflow, which keeps the last one. */
export const reconciledSignal = defineSignal<[ReconciliationReport]>('reconciled');

/** Signals the same workflow that a run found nothing out. */
export const reconciliationFailedSignal = defineSignal<[ReconciliationFailure]>('reconciliationFailed');

export const reconciliationQuery = defineQuery<ReconciliationReport | null>('reconciliation');
