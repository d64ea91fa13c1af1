import { z } from 'zod';
import { rfc3339 } from '../http/common.ts';
import { timeRange } from '../http/time-range.ts';

export const failingWorkflowsQuery = z.strictObject({
  page: timeRange('started')['started[lte]'].meta({ description: 'The `next_page` of the answer before.' }),
});

const failingWorkflowResource = z
  .object({
    object: z.literal('failing_workflow'),
    workflow_id: z.string().describe("Temporal's id of the workflow."),
    workflow_type: z.string().describe('What it is, such as order.'),
    run_id: z.string().describe("Temporal's id of the run."),
    attempt: z
      .int()
      .meta({ description: 'How often the workflow task has been tried, the one to come included.' }),
    failing_since: rfc3339
      .nullable()
      .describe('When its task failed first, or since when it waits. Null: not known.'),
    last_error: z
      .string()
      .nullable()
      .meta({ description: 'Why the task failed first, or that no worker gets it.' }),
  })
  .meta({
    id: 'FailingWorkflow',
    description: 'A running workflow whose workflow task fails, or has waited for a worker for ten minutes.',
  });

export const failingWorkflowList = z
  .object({
    object: z.literal('list'),
    url: z.string().describe('The path of this list.'),
    scanned: z.int().meta({ description: 'How many running workflows were looked at for this page.' }),
    has_more: z.boolean().describe('Whether there is another page: pass `next_page` as `page`.'),
    next_page: rfc3339
      .nullable()
      .meta({ description: 'Pass it as `page` for the next page. Null: there is none.' }),
    data: z.array(failingWorkflowResource).describe('The items of this page.'),
  })
  .meta({ id: 'FailingWorkflowList' });
