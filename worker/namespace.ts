import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { GRPC, grpcCodeOf } from '../temporal/grpc-code.ts';

const DAY_MS = 86_400_000;

/** Creates the namespace unless it is there. One that is there keeps its retention. */
export async function ensureNamespace(
  connection: Pick<Connection, 'workflowService'>,
  namespace: string,
  retentionDays: number,
): Promise<void> {
  const { workflowService } = connection;
  try {
    await workflowService.describeNamespace({ namespace });
  } catch (error) {
    if (grpcCodeOf(error) !== GRPC.NOT_FOUND) throw error;
    await create(workflowService, namespace, retentionDays);
  }
}

async function create(
  workflowService: Connection['workflowService'],
  namespace: string,
  retentionDays: number,
): Promise<void> {
  try {
    await workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs(retentionDays * DAY_MS),
    });
  } catch (error) {
    // Another job was quicker.
    if (grpcCodeOf(error) !== GRPC.ALREADY_EXISTS) throw error;
  }
}
