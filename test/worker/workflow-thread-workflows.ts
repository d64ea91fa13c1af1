import { condition, currentUpdateInfo, defineUpdate, setHandler, sleep } from '@temporalio/workflow';

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

/** Never yields, from its first statement on. */
export async function loopingWorkflow(): Promise<void> {
  for (;;);
}

/** Never yields, inside a promise's callback. */
export async function loopingLaterWorkflow(): Promise<void> {
  await Promise.resolve();
  for (;;);
}
