import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerSearchAttributes } from '../../worker/search-attributes.ts';
import { startTestServer } from '../support/temporal.ts';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startTestServer();
});
afterAll(() => env?.teardown());

it('may be called twice, by two workers at once, and what is registered can be used at once', async () => {
  const attributes = { TestColour: 'TEXT' } as const;
  const register = () =>
    registerSearchAttributes(env.nativeConnection, env.namespace ?? 'default', attributes);
  await Promise.all([register(), register()]);
  await register();
  const colour = defineSearchAttributeKey('TestColour', 'TEXT');
  const handle = await env.client.workflow.start('painted', {
    workflowId: 'painted',
    taskQueue: 'nobody',
    typedSearchAttributes: new TypedSearchAttributes([{ key: colour, value: 'red' }]),
  });
  expect((await handle.describe()).typedSearchAttributes.get(colour)).toBe('red');
  await handle.terminate();
});
