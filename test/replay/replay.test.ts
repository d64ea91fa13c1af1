import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ReplayResult, WorkflowBundleOption } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import pMap from 'p-map';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { useOrderBench } from '../support/order-bench.ts';
import type { History } from '../support/record-histories.ts';
import { historiesOf, keepHistory, lastEvents, RECORDING_SERVER } from '../support/record-histories.ts';
import { workflowBundle as bundleOnce } from '../support/workflow-bundle.ts';
import type { Flow } from './flows/flow.ts';
import { FLOWS, scriptedWorld } from './flows/index.ts';

const KEPT = join(projectRoot, 'test', 'histories');

declare module 'vitest' {
  interface ProvidedContext {
    /** The release whose histories are recorded (dev/histories.ts); otherwise they are only replayed. */
    recordedRelease?: string;
  }
}
const recordedRelease = inject('recordedRelease');

/** As many as vitest runs of concurrent tests. */
const FLOWS_AT_ONCE = 5;
/** An attempt that its budget cuts off, as on a busy machine, is waited for: up to 90 seconds. */
const FLOWS_MS = 600_000;

/** `<release>/<flow>[.<run>].json` */
const files = readdirSync(KEPT, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.json'))
  .sort();
let workflowBundle: WorkflowBundleOption;
beforeAll(async () => {
  workflowBundle = await bundleOnce();
});

const keptOf = (flow: string) => files.find((file) => file.endsWith(`/${flow}.json`)) ?? '';

interface TimedEvent {
  eventTime: string;
  readonly timerFiredEventAttributes?: object;
  readonly workflowTaskStartedEventAttributes?: object;
}

/**
 * Each task that a timer brought about bears the time of the task before it, in which the timer may have begun: so saw a worker that took
 * over from a killed one. Gives back how many tasks it changed.
 */
function withTimesBeforeTimers(events: readonly TimedEvent[]): number {
  let moved = 0;
  let before = '';
  let hasFired = false;
  for (const event of events) {
    if (event.timerFiredEventAttributes) hasFired = true;
    if (!event.workflowTaskStartedEventAttributes) continue;
    if (hasFired) {
      event.eventTime = before;
      moved += 1;
    }
    before = event.eventTime;
    hasFired = false;
  }
  return moved;
}

interface Kept {
  readonly name: string;
  readonly history: unknown;
}

interface StartedFirst {
  readonly events: readonly {
    readonly workflowExecutionStartedEventAttributes?: { readonly workflowId?: string };
  }[];
}

/** A workflow sees its id, and refuses the input of another one's. */
function workflowIdIn(history: unknown): string {
  const [started] = (history as StartedFirst).events;
  return started?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
}

/** Why today's code does not lead to each of these histories; null: it does. One worker replays them all: it takes long to start. */
async function replay(histories: readonly Kept[]): Promise<Map<string, string | null>> {
  const failures = new Map<string, string | null>();
  const each = histories.map(({ history }) => ({ workflowId: workflowIdIn(history), history }));
  const results: AsyncIterable<ReplayResult> = Worker.runReplayHistories({ workflowBundle }, each);
  let at = 0;
  // They come in the order of the histories.
  for await (const { error } of results) {
    const name = histories[at]?.name ?? '';
    failures.set(name, error?.message ?? failures.get(name) ?? null);
    at += 1;
  }
  return failures;
}

describe('the histories that are kept', () => {
  let failures: Map<string, string | null>;
  beforeAll(async () => {
    failures = await replay(
      files.map((file) => ({
        name: file,
        history: JSON.parse(readFileSync(join(KEPT, file), 'utf8')),
      })),
    );
  });

  it.each(files)('%s is still what today’s code would do', (file) => {
    expect(failures.get(file)).toBeNull();
  });

  it('hold each flow', () => {
    const flows = new Set(files.map((file) => basename(file, '.json').replace(/\.\d+$/, '')));
    expect([...flows].sort()).toEqual(expect.arrayContaining(Object.keys(FLOWS).sort()));
  });

  it('act on a timer that fired, though the task that brings it bears the time at which the timer began', async () => {
    const kept = files.map((file) => {
      const history = JSON.parse(readFileSync(join(KEPT, file), 'utf8'));
      return { name: file, history, moved: withTimesBeforeTimers(history.events) };
    });
    const moved = kept.filter((one) => one.moved > 0);
    expect(moved.length).toBeGreaterThan(5);
    const failed = [...(await replay(moved))].filter(([, failure]) => failure !== null);
    expect(failed).toEqual([]);
  });

  it('notices a change that is not deterministic', async () => {
    const kept = readFileSync(join(KEPT, keptOf('canceled')), 'utf8');
    const history: unknown = JSON.parse(
      kept.replace(/("activityType": \{\s*"name": )"cancel"/, '$1"refund"'),
    );
    const changed = await replay([{ name: 'canceled', history }]);
    expect(changed.get('canceled')).toContain('refund');
  });
});

describe('the histories that today’s code makes', () => {
  const bench = useOrderBench({
    serverArgs: RECORDING_SERVER,
    activities: scriptedWorld(),
  });
  /** Of each flow: its histories, or why it did not come to its end. */
  const made = new Map<string, readonly History[] | Error>();
  let failures: Map<string, string | null>;
  beforeAll(async () => {
    const play = async ([name, flow]: [string, Flow]) => {
      try {
        made.set(name, await historiesOf(bench, await flow(bench, name)));
      } catch (error) {
        console.error(await lastEvents(bench, name));
        made.set(name, error instanceof Error ? error : new Error(String(error)));
      }
    };
    await pMap(Object.entries(FLOWS), play, { concurrency: FLOWS_AT_ONCE });
    failures = await replay(
      [...made].flatMap(([name, histories]) =>
        histories instanceof Error ? [] : histories.map((history) => ({ name, history })),
      ),
    );
  }, FLOWS_MS);

  it.each(Object.keys(FLOWS))('%s can be replayed', async (name) => {
    const histories = made.get(name);
    if (histories === undefined || histories instanceof Error)
      throw histories ?? new Error('It was not played.');
    expect(failures.get(name)).toBeNull();
    if (name.endsWith('continued')) expect(histories.length).toBeGreaterThan(1);
    if (recordedRelease === undefined) return;
    for (const [run, history] of histories.entries()) {
      await keepHistory(join(KEPT, recordedRelease), `${name}${run === 0 ? '' : `.${run}`}`, history);
    }
  });
});
