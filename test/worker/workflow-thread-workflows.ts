import {
  condition,
  currentUpdateInfo,
  defineQuery,
  defineUpdate,
  proxyActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';

/** Workflows of the test of the workflow thread. */
export const nameYourself = defineUpdate<string>('name_yourself');

/** Its updates are answered with their own ids, after they have waited. */
export async function patientWorkflow(): Promise<void> {
  let named = 0;
  setHandler(nameYourself, async () => {
    await sleep(1);
    named += 1;
    return currentUpdateInfo()?.id ?? 'unknown';
  });
  await waitForNames();

  async function waitForNames(): Promise<void> {
    await condition(() => named >= 3);
  }
}

export const readsQuery = defineQuery<number>('reads');
export const READS_QUEUE = 'reads';
const { read } = proxyActivities<{ read(): Promise<void> }>({
  taskQueue: READS_QUEUE,
  startToCloseTimeout: '1 minute',
});

/** Reads again at once if the first time took a while, and otherwise a little later: what it does depends on the clock. */
export async function readingWorkflow(): Promise<void> {
  let reads = 0;
  setHandler(readsQuery, () => reads);
  const due = Date.now() + 1;
  await read();
  reads += 1;
  if (Date.now() < due) await sleep(1);
  await read();
}

/** Never yields, from its first statement on. */
export async function loopingWorkflow(): Promise<void> {
  for (;;);
}

/** Never yields, inside a promise's callback. */
export async function loopingLaterWorkflow(): Promise<void> {
  await Promise.resolve();
  for (;;);
}
