import type { WorkflowHandle } from '@temporalio/client';
import type { OrderBench } from '../../support/order-bench.ts';

/** Takes one workflow of that id to where its history shows what it is there for. */
export type Flow = (bench: OrderBench, id: string) => Promise<WorkflowHandle>;
export type Flows = Readonly<Record<string, Flow>>;

/** The same workflow, once its run is over: as a success or not. */
export async function ended({ handle }: { readonly handle: WorkflowHandle }): Promise<WorkflowHandle> {
  await handle.result().catch(() => undefined);
  return handle;
}
