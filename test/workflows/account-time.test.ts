import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import type { AccountFacts } from '../../domain/account.ts';
import type { AccountNotice } from '../../domain/account-notice.ts';
import { accountWorkflowId } from '../../domain/ids.ts';
import { buildWorkflowBundle } from '../../worker/bundle.ts';
import type { AccountInput } from '../../workflows/messages.ts';
import { ACCOUNT_WORKFLOW, accountQuery } from '../../workflows/messages.ts';
import { accountFacts, envelope, NOTHING_DUE } from '../support/builders.ts';
import { DAY_MS } from '../support/order-bench.ts';
import { noTimeSkipping, startTimeSkipping } from '../support/temporal.ts';

const TASK_QUEUE = 'accounts';
const WAITING = accountFacts({
  capabilities: { transfers: 'inactive' },
  detailsSubmitted: false,
  payoutsEnabled: false,
  requirements: { ...NOTHING_DUE, pastDue: ['individual.dob.day'], currentlyDue: ['individual.dob.day'] },
});
const ENABLED = accountFacts();
const RESTRICTED = accountFacts({
  capabilities: { transfers: 'inactive', card_payments: 'inactive' },
  requirements: { ...NOTHING_DUE, pastDue: ['company.tax_id'], disabledReason: 'requirements.past_due' },
});

/** The clock jumps: nothing is heard from Stripe but what the account's workflow reads by itself. */
describe.skipIf(noTimeSkipping)(`an account, as time passes${noTimeSkipping ?? ''}`, () => {
  let env: TestWorkflowEnvironment;
  let stop: () => Promise<void>;
  let atStripe: AccountFacts | null;
  let reads = 0;
  const told: AccountNotice[] = [];

  beforeAll(async () => {
    env = await startTimeSkipping();
    const activities: Pick<Activities, 'readAccount' | 'tellOrders'> = {
      readAccount: async () => {
        reads += 1;
        return atStripe;
      },
      tellOrders: async (notice) => {
        told.push(notice);
      },
    };
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: TASK_QUEUE,
      workflowBundle: await buildWorkflowBundle(),
      activities,
    });
    const running = worker.run();
    stop = async () => {
      worker.shutdown();
      await running;
    };
  });
  afterAll(async () => {
    await stop?.();
    await env?.teardown();
  });

  it('is never forgotten: half-done it is read ever less often, and every change is noticed and told', async () => {
    const input: AccountInput = {
      reference: 'seller-1',
      livemode: false,
      policy: { retryBudgetMs: 10_000 },
      origin: { kind: 'adopt', account: 'acct_seller' },
      begin: envelope('adopt'),
    };
    atStripe = WAITING;
    const handle = await env.client.workflow.start(ACCOUNT_WORKFLOW, {
      workflowId: accountWorkflowId('seller-1'),
      taskQueue: TASK_QUEUE,
      args: [input],
    });
    await env.sleep(7 * DAY_MS);
    expect((await handle.query(accountQuery)).facts).toEqual(WAITING);
    expect(reads).toBeGreaterThan(20);
    expect(reads).toBeLessThan(50);
    expect(told).toEqual([]);

    atStripe = ENABLED;
    await env.sleep(DAY_MS);
    expect((await handle.query(accountQuery)).facts).toEqual(ENABLED);
    expect(told).toEqual([]);
    const before = reads;
    await env.sleep(10 * DAY_MS);
    expect(reads - before).toBeLessThan(12);

    atStripe = RESTRICTED;
    await env.sleep(2 * DAY_MS);
    expect(told).toEqual([
      {
        account: 'acct_seller',
        canReceive: false,
        canSettle: false,
        detail: 'The connected account acct_seller is restricted. Stripe requires: company.tax_id.',
      },
    ]);
    atStripe = ENABLED;
    await env.sleep(DAY_MS);
    expect(told.at(-1)).toMatchObject({ canReceive: true, canSettle: true });
    expect(told).toHaveLength(2);

    atStripe = null;
    expect(await handle.result()).toMatchObject({ connection: 'disconnected' });
    expect(told.at(-1)).toMatchObject({ canReceive: false });
  });
});
