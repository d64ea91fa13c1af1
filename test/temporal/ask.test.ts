import type { Client } from '@temporalio/client';
import { QueryNotRegisteredError, ServiceError } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ask } from '../../temporal/ask.ts';
import { WorkflowBehind } from '../../temporal/workflow-behind.ts';
import { SCRIPTED_CONNECTION } from '../support/scripted-connection.ts';

const NOT_FOUND = 5;
const DEADLINE_EXCEEDED = 4;
const FAILED_PRECONDITION = 9;

function failed(code: number, details = ''): ServiceError {
  const cause = Object.assign(new Error(), { code, details, metadata: {} });
  return new ServiceError('Failed to query Workflow', { cause });
}

/** A client whose questions get these answers; those that get `null` wait until their deadline. */
function clientThatAnswers(...answers: readonly (string | Error | null)[]) {
  const left = [...answers];
  const deadlines: number[] = [];
  const withDeadline = async (deadline: number) => {
    deadlines.push(deadline - Date.now());
    const answer = left.length > 0 ? left.shift() : null;
    if (answer instanceof Error) throw answer;
    if (answer !== null) return answer;
    vi.setSystemTime(deadline);
    throw failed(DEADLINE_EXCEEDED);
  };
  const connection = { ...SCRIPTED_CONNECTION, withDeadline };
  return { temporal: { connection } as unknown as Client, deadlines };
}

const question = async () => 'unused';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a workflow that is asked', () => {
  it('is asked again when its answer is lost', async () => {
    const { temporal, deadlines } = clientThatAnswers(null, 'captured');
    expect(await ask(temporal, question)).toBe('captured');
    expect(deadlines).toEqual([1_500, 1_500]);
  });

  it('is asked no longer than it may take', async () => {
    const { temporal, deadlines } = clientThatAnswers();
    await expect(ask(temporal, question, 4_000)).rejects.toThrow(ServiceError);
    expect(deadlines).toEqual([1_500, 1_500, 1_000]);
  });

  it('is asked again when its next run is about to begin', async () => {
    const notReady = failed(FAILED_PRECONDITION, 'Workflow task is not scheduled yet.');
    const { temporal, deadlines } = clientThatAnswers(notReady, 'captured');
    const asked = ask(temporal, question);
    await vi.advanceTimersByTimeAsync(50);
    expect(await asked).toBe('captured');
    expect(deadlines).toHaveLength(2);
  });

  it('is asked again when its next task has to come first, and that is no bug of its own', async () => {
    const behind = new QueryNotRegisteredError(`query failed: ${new WorkflowBehind().message}`, 3);
    const { temporal, deadlines } = clientThatAnswers(behind, 'captured');
    const asked = ask(temporal, question);
    await vi.advanceTimersByTimeAsync(50);
    expect(await asked).toBe('captured');
    expect(deadlines).toHaveLength(2);
  });

  it('is behind as long as it may be asked: that is said as such', async () => {
    const behind = new QueryNotRegisteredError(new WorkflowBehind().message, 3);
    const { temporal } = clientThatAnswers(behind);
    await expect(ask(temporal, question, 0)).rejects.toThrow(WorkflowBehind);
  });

  it('is not asked again when its history cannot be replayed', async () => {
    const unreadable = new QueryNotRegisteredError('[TMPRL1100] Nondeterminism error', 3);
    const { temporal, deadlines } = clientThatAnswers(unreadable, 'too late');
    await expect(ask(temporal, question)).rejects.toThrow('TMPRL1100');
    expect(deadlines).toHaveLength(1);
  });

  it('is not asked again when its tasks fail', async () => {
    const failing = failed(
      FAILED_PRECONDITION,
      'Unable to query workflow due to Workflow Task in failed state.',
    );
    const { temporal, deadlines } = clientThatAnswers(failing, 'too late');
    await expect(ask(temporal, question)).rejects.toThrow(ServiceError);
    expect(deadlines).toHaveLength(1);
  });

  it('is not asked again when it says no', async () => {
    const { temporal, deadlines } = clientThatAnswers(failed(NOT_FOUND), 'too late');
    await expect(ask(temporal, question)).rejects.toThrow(ServiceError);
    expect(deadlines).toHaveLength(1);
  });
});
