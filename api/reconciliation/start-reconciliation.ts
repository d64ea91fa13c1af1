import { z } from 'zod';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';

export function startReconciliation({ reconciliation }: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'reconciliation.run',
    path: '/v1/reconciliation/runs',
    role: 'ops',
    tag: 'Reports',
    summary: 'Reconcile now, unless a run is in progress; the report changes when it ends',
    responses: {
      202: {
        description: 'It runs.',
        located: true,
        schema: z
          .object({
            object: z.literal('reconciliation_run'),
            report: z.string().describe('The path of the report.'),
          })
          .meta({ id: 'ReconciliationRun' }),
      },
    },
    async handle() {
      await reconciliation.start();
      const report = '/v1/reports/reconciliation';
      return { status: 202, headers: { Location: report }, body: { object: 'reconciliation_run', report } };
    },
  });
}
