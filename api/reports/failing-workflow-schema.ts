import { z } from 'zod';
import { rfc3339 } from '../http/common.ts';
import { timeRange } from '../http/time-range.ts';

export const failingWorkflowsQuery = z.strictObject({
  page: timeRange('started')['started[lte]'].meta({ description: 'The `next_page` of the answer before.' }),
});

export const failingWorkflowResource = z
  .object({
    object: z.literal('failing_workflow'),
    workflow_id: z.string(),
    workflow_type: z.string(),
    run_id: z.string(),
    attempt: z
      .int()
      .meta({ description: 'How often the workflow task has been tried, the one to come included.' }),
    failing_since: rfc3339.nullable(),
    last_error: z.string().nullable().meta({ description: 'Why the task failed first.' }),
  })
  .meta({ id: 'FailingWorkflow', description: 'A running workflow whose workflow task fails.' });

export const failingWorkflowList = z
  .object({
    object: z.literal('list'),
    url: z.string(),
    scanned: z.int().meta({ description: 'How many running workflows were looked at for this page.' }),
    has_more: z.boolean(),
    next_page: rfc3339.nullable().meta({ description: 'Goes on with the workflows that started by then.' }),
    data: z.array(failingWorkflowResource),
  })
  .meta({ id: 'FailingWorkflowList' });
