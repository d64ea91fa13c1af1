import type { Client } from '@temporalio/client';

const WITHIN_MS = 2_000;

/** Whether Temporal answers. */
export async function answers(client: Client): Promise<boolean> {
  try {
    await client.connection.withDeadline(Date.now() + WITHIN_MS, () =>
      client.workflowService.getSystemInfo({}),
    );
    return true;
  } catch {
    return false;
  }
}
