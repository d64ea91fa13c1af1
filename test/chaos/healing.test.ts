import { expect, it } from 'vitest';
import type { Step } from '../../dev/chaos/caller.ts';
import { Caller } from '../../dev/chaos/caller.ts';
import { healMsOf, tooSlowToHeal } from '../../dev/chaos/healing.ts';

const FAULTS_ENDED_AT = 1_000_000;

/** Times in seconds from the end of the faults. */
function step(endedAfter: number | null, dueAfter = -FAULTS_ENDED_AT): Step {
  const at = (seconds: number) => FAULTS_ENDED_AT + seconds * 1_000;
  return {
    what: 'POST /v1/orders',
    dueAt: at(dueAfter),
    endedAt: endedAfter === null ? null : at(endedAfter),
  };
}

const wrong = (...steps: Step[]) => tooSlowToHeal(steps, FAULTS_ENDED_AT);

it.each([
  [0.4, 'soon'],
  [60, 'at the last moment'],
  [-1, 'before the faults were over'],
])('takes a step that healed after %f s, %s, as it should be', (after) => {
  expect(wrong(step(after))).toEqual([]);
});

it('names each step that took more than 60 s to heal, and how long it took', () => {
  const violation = (seconds: string) =>
    `POST /v1/orders took ${seconds} s to heal with webhooks off, over 60 s`;
  expect(wrong(step(60.1), step(12), step(171))).toEqual([violation('60.1'), violation('171.0')]);
});

it('counts what was not due yet from when it is due', () => {
  expect(wrong(step(90, 31))).toEqual([]);
  expect(wrong(step(90, 29))).toHaveLength(1);
  expect(healMsOf(step(40, 35), FAULTS_ENDED_AT)).toBe(5_000);
  expect(healMsOf(step(34, 35), FAULTS_ENDED_AT)).toBe(0);
});

it('says that it never healed, and leaves the violation to the caller that waited in vain', async () => {
  expect(healMsOf(step(null), FAULTS_ENDED_AT)).toBe(Number.POSITIVE_INFINITY);
  expect(wrong(step(null))).toEqual([]);
});

it('keeps when a step came, and nothing of one that failed', async () => {
  const caller = new Caller({ url: 'http://127.0.0.1:9', apiKey: 'key' });
  const coming = caller.until('what comes', async () => true);
  const failing = caller.until('what fails', async () => Promise.reject(new Error('refused')));
  const [comes, fails] = caller.open;
  expect(comes).toEqual({ what: 'what comes', dueAt: 0, endedAt: null });
  await expect(failing).rejects.toThrow('refused');
  await coming;
  expect(comes?.endedAt).toEqual(expect.any(Number));
  expect(fails?.endedAt).toBeNull();
  expect(caller.open).toEqual([]);
});
