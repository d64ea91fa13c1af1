import { Client, Connection } from '@temporalio/client';
import { Caller } from '../../dev/chaos/caller.ts';
import { startStack } from '../../dev/stack.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { OrderLife } from './order-life.ts';
import type { Step } from './report.ts';
import { longLifeReport } from './report.ts';
import { runsOf } from './runs.ts';

const STEPS = 10;
const ENV = {
  LOG_LEVEL: 'warn',
  WAYBILL_REQUESTS_PER_MINUTE: '1000000',
  WAYBILL_STRIPE_READS_PER_MINUTE: '1000000',
};

interface Options {
  readonly commands: number;
  readonly progress: (line: string) => void;
}

/**
 * Does very much to one order, one thing after the other, and shows in ten steps whether its answers, its histories and what its runs
 * leave to each other stay small. Fails where the order differs from Stripe at the end.
 */
export async function measureLongLife({ commands, progress }: Options): Promise<string> {
  const stack = await startStack({ fresh: true, env: ENV, report: progress });
  const connection = await Connection.connect({ address: stack.config.temporal.address });
  const client = new Client({ connection, namespace: stack.config.temporal.namespace });
  try {
    const caller = new Caller({ url: stack.urls.api, apiKey: 'dev_ops' });
    const stripe = createStripeClient({ secretKey: 'sk_test_waybill', apiBase: stack.urls.sandbox });
    const life = new OrderLife(caller, stripe);
    await life.begin();
    const workflowId = orderWorkflowId(life.id);
    const { runId } = await client.workflow.getHandle(workflowId).describe();
    const steps: Step[] = [];
    const size = Math.ceil(commands / STEPS);
    for (let done = 0; done < commands; done += size) {
      const latenciesMs = await liveFor(life, done, Math.min(done + size, commands));
      steps.push({
        done: done + latenciesMs.length,
        latenciesMs,
        runs: await runsOf(client, workflowId, runId),
      });
      progress(`${done + latenciesMs.length} of ${commands}`);
    }
    const differences = await life.differences();
    if (differences.length > 0)
      throw new Error(`The order is not as it should be: ${differences.join('; ')}`);
    return longLifeReport(steps, life.counts);
  } finally {
    await connection.close();
    await stack.stop();
  }
}

async function liveFor(life: OrderLife, from: number, to: number): Promise<number[]> {
  const latenciesMs: number[] = [];
  for (let n = from; n < to; n++) {
    const began = performance.now();
    await life.live(n);
    latenciesMs.push(performance.now() - began);
  }
  return latenciesMs;
}
