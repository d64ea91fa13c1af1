import { rfc3339 } from '../../domain/rfc3339.ts';
import type { Backend } from '../backend/backend.ts';
import { scanForFailing } from '../backend/failing-workflows.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { failingWorkflowList, failingWorkflowsQuery } from './failing-workflow-schema.ts';

const URL = '/v1/reports/failing_workflows';

export function reportFailingWorkflows({ temporal }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'reports.listFailingWorkflows',
    path: URL,
    role: 'read',
    tag: 'Reports',
    summary:
      'Running workflows whose workflow tasks fail, through a bug or code that does not fit their history, or that no worker gets',
    query: failingWorkflowsQuery,
    responses: {
      200: {
        description:
          'Those among the next 1,000 running workflows. A page may be empty and have more after it.',
        schema: failingWorkflowList,
      },
    },
    async handle({ query }) {
      const { failing, scanned, nextPage } = await scanForFailing(temporal, query.page);
      const data = failing.map(({ workflowId, workflowType, runId, attempt, failure }) => ({
        object: 'failing_workflow',
        workflow_id: workflowId,
        workflow_type: workflowType,
        run_id: runId,
        attempt,
        failing_since: failure && rfc3339(failure.at),
        last_error: failure?.message ?? null,
      }));
      const body = {
        object: 'list',
        url: URL,
        scanned,
        has_more: nextPage !== null,
        next_page: nextPage === null ? null : rfc3339(nextPage),
        data,
      };
      return { status: 200, body };
    },
  });
}
