import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { registerSearchAttributes } from '../../worker/search-attributes.ts';
import { startTestServer } from '../support/temporal.ts';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startTestServer();
});
afterAll(() => env?.teardown());

it('needs no rights of an operator once a job has registered them', async () => {
  const namespace = env.namespace ?? 'default';
  const attributes = { TestShape: 'TEXT' } as const;
  await registerSearchAttributes(env.nativeConnection, namespace, attributes);
  const { operatorService } = env.nativeConnection;
  const refused = vi.fn().mockRejectedValue(new Error('7 PERMISSION_DENIED'));
  const worker = {
    operatorService: {
      listSearchAttributes: operatorService.listSearchAttributes.bind(operatorService),
      addSearchAttributes: refused,
    },
  } as unknown as Parameters<typeof registerSearchAttributes>[0];
  await registerSearchAttributes(worker, namespace, attributes);
  expect(refused).not.toHaveBeenCalled();
  const more = { ...attributes, TestSize: 'INT' } as const;
  await expect(registerSearchAttributes(worker, namespace, more)).rejects.toThrow('PERMISSION_DENIED');
});

it('one that somebody made with another type is named', async () => {
  const namespace = env.namespace ?? 'default';
  await registerSearchAttributes(env.nativeConnection, namespace, { TestShape: 'TEXT' });
  await expect(
    registerSearchAttributes(env.nativeConnection, namespace, { TestShape: 'KEYWORD' }),
  ).rejects.toThrow('TestShape is TEXT instead of KEYWORD in the namespace');
});

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
