import {
  allHandlersFinished,
  condition,
  defineUpdate,
  proxyLocalActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { CAPTURE_BEFORE, NEEDS_ATTENTION, ORDER_STATUS } from '../../contract/search-attribute-keys.ts';

/** What Temporal alone costs: the events of an authorized and captured order, and nothing else. */
export const createUpdate = defineUpdate<string>('create');
export const captureUpdate = defineUpdate<string>('capture');

const { nothing } = proxyLocalActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '3 seconds' });

const DAY_MS = 86_400_000;

export async function bare(): Promise<void> {
  let status = 'pending';
  let captureAsked = false;
  setHandler(createUpdate, async () => {
    await condition(() => status === 'authorized');
    return status;
  });
  setHandler(captureUpdate, async () => {
    captureAsked = true;
    await condition(() => status === 'captured');
    return status;
  });

  await nothing();
  status = 'authorized';
  show(status);
  await condition(() => captureAsked, 7 * DAY_MS);
  await nothing();
  status = 'captured';
  show(status);
  await condition(() => false, 180 * DAY_MS);
  await condition(allHandlersFinished);
}

function show(status: string): void {
  upsertSearchAttributes([
    { key: ORDER_STATUS, value: status },
    { key: NEEDS_ATTENTION, value: false },
    { key: CAPTURE_BEFORE, value: null },
  ]);
}
