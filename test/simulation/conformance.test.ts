import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { loadReplay } from '../../simulation/build.ts';

const KEPT = join(projectRoot, 'test', 'histories');
const files = readdirSync(KEPT, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.json'))
  .sort();

let replayHistory: Awaited<ReturnType<typeof loadReplay>>['replayHistory'];
beforeAll(async () => {
  ({ replayHistory } = await loadReplay());
});

function historyOf(file: string): unknown {
  return JSON.parse(readFileSync(join(KEPT, file), 'utf8'));
}

describe('the stand-in for the workflow runtime', () => {
  it.each(files)('asks for the same, in the same order, as the real one did in %s', async (file) => {
    const { recorded, standIn } = await replayHistory(historyOf(file));
    expect(standIn).toEqual(recorded);
    expect(recorded.flat().length).toBeGreaterThan(0);
  });

  it('shows where it differs', async () => {
    const text = JSON.stringify(historyOf(files.find((file) => file.endsWith('/canceled.json')) ?? ''));
    const { recorded, standIn } = await replayHistory(
      JSON.parse(text.replace('"name":"cancel"', '"name":"refund"')),
    );
    expect(standIn).not.toEqual(recorded);
  });
});
