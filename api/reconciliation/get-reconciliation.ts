import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import {
  presentDifference,
  presentReconciliation,
} from '../../domain/reconciliation/present-reconciliation.ts';
import type { ReconciliationReport } from '../../domain/reconciliation/reconciliation.ts';
import type { Backend } from '../backend/backend.ts';
import { CSV_TYPE, wantsCsv } from '../http/csv.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { acceptHeaders } from '../http/list-queries.ts';
import { reconciliationCsv } from './reconciliation-csv.ts';
import { reconciliationQueryParams, reconciliationResource } from './reconciliation-schema.ts';

const URL = '/v1/reports/reconciliation';

export function getReconciliation({ reconciliation, livemode }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'reconciliation.get',
    path: URL,
    role: 'read',
    tag: 'Reports',
    summary: 'Read the last reconciliation: every cent of the platform and of connected accounts explained',
    query: reconciliationQueryParams,
    headers: acceptHeaders,
    responses: {
      200: {
        description:
          'Totals by currency, and what does not add up. With `format=csv` or `Accept: text/csv`: `text/csv`.',
        schema: reconciliationResource,
        alsoAs: 'text/csv',
      },
    },
    async handle({ query, headers }) {
      const report = await reconciliation.report();
      if (report === null) {
        throw new ProblemError(problem('not_found', 'No reconciliation has finished yet.'));
      }
      const now = Date.now();
      if (wantsCsv(query, headers.Accept)) {
        return {
          status: 200,
          body: reconciliationCsv(report, now),
          contentType: CSV_TYPE,
          headers: { 'Content-Disposition': 'attachment; filename="reconciliation.csv"' },
        };
      }
      const differences = pageOf(report, query, now);
      return { status: 200, body: { ...presentReconciliation(report), differences, livemode } };
    },
  });
}

function pageOf(
  { findings: { differences } }: ReconciliationReport,
  { limit, starting_after: after }: { limit: number; starting_after?: string | undefined },
  now: number,
) {
  const before = after === undefined ? -1 : differences.findIndex(({ id }) => id === after);
  if (after !== undefined && before < 0) {
    throw new ProblemError(
      problem('invalid_request', `starting_after: the last report has no difference ${after}.`, {
        param: 'starting_after',
      }),
    );
  }
  const rest = differences.slice(before + 1);
  return {
    object: 'list',
    url: URL,
    has_more: rest.length > limit,
    data: rest.slice(0, limit).map((difference) => presentDifference(difference, now)),
  };
}
