import { ServiceError } from '@temporalio/client';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { untilTemporalAnswers, type Waiting } from '../../worker/until-temporal-answers.ts';

const place = { address: '127.0.0.1:7233', namespace: 'waybill' };
const waiting = { ...place, log: pino({ level: 'silent' }) };

function failed(code: number): ServiceError {
  const cause = Object.assign(new Error('Timeout expired'), { code, details: '', metadata: {} });
  return new ServiceError('Failed', { cause });
}

describe('a worker that needs something of Temporal before it starts', () => {
  it.each([
    ['canceled by its own deadline', 1],
    ['late', 4],
    ['not found yet', 5],
    ['away', 14],
  ])('asks again where the answer is %s', async (_, code) => {
    const work = vi.fn().mockRejectedValueOnce(failed(code)).mockResolvedValue('answered');
    expect(await untilTemporalAnswers(waiting, work)).toBe('answered');
    expect(work).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['Temporal', 14, 'Temporal at 127.0.0.1:7233', 'waiting for Temporal'],
    ['its namespace', 5, 'the namespace waybill at 127.0.0.1:7233', 'waiting for the namespace'],
  ])('says that it waits for %s, and when it does no longer', async (_, code, what, msg) => {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
    const said: Waiting = { ...place, log };
    const work = vi
      .fn()
      .mockRejectedValueOnce(failed(code))
      .mockImplementation(async () => said.what);
    expect(await untilTemporalAnswers(said, work)).toBe(what);
    expect(said.what).toBeUndefined();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ ...place, msg }]);
  });

  it('does not ask again where it is refused', async () => {
    const refusal = failed(7);
    const work = vi.fn().mockRejectedValue(refusal);
    await expect(untilTemporalAnswers(waiting, work)).rejects.toBe(refusal);
    expect(work).toHaveBeenCalledTimes(1);
  });
});
