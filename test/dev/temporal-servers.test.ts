import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { noTimeSkipping, startTestServer, startTimeSkipping } from '../support/temporal.ts';

describe('the test server', () => {
  let env: TestWorkflowEnvironment;
  beforeAll(async () => {
    env = await startTestServer();
  });
  afterAll(() => env?.teardown());

  it('is a real Temporal server that lists workflows', async () => {
    const seen = [];
    for await (const workflow of env.client.workflow.list()) seen.push(workflow.workflowId);
    expect(seen).toEqual([]);
  });
});

needs(noTimeSkipping)('the time-skipping server', () => {
  let env: TestWorkflowEnvironment;
  beforeAll(async () => {
    env = await startTimeSkipping();
  });
  afterAll(() => env?.teardown());

  it('starts from archived classes, unless it is a native program', () => {
    const server = inject('timeSkipping');
    const path = 'path' in server ? server.path : '';
    expect(existsSync(join(dirname(path), 'classes.jsa'))).toBe(basename(path) === 'test-server');
  });

  it('lets a week pass in a moment', async () => {
    const before = await env.currentTimeMs();
    await env.sleep('7 days');
    expect((await env.currentTimeMs()) - before).toBeGreaterThanOrEqual(7 * 24 * 3_600_000);
  });
});
