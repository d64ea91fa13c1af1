import type { Client } from '@temporalio/client';
import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { Changes } from '../../api/console/changes.ts';
import { TemporalGone } from '../../temporal/unless-gone.ts';
import { SCRIPTED_CONNECTION } from '../support/scripted-connection.ts';

/** The log of a page that watches an order whose workflow is described so. */
function logOfWatching(describe: () => Promise<unknown>): string[] {
  const lines: string[] = [];
  const temporal = { workflow: { getHandle: () => ({ describe }) }, connection: SCRIPTED_CONNECTION };
  const changes = new Changes(
    temporal as unknown as Client,
    pino({ level: 'warn' }, { write: (line) => lines.push(line) }),
  );
  changes.watch({ type: 'order', id: 'a' }, () => {})();
  return lines;
}

it('a bug in looking for changes is in the log', async () => {
  const lines = logOfWatching(() => Promise.reject(new TypeError('raw is undefined')));
  await vi.waitFor(() => expect(lines.join('')).toContain('raw is undefined'));
});

it('a Temporal that does not answer is nothing to log at each look', async () => {
  const looked = vi.fn(() => Promise.reject(new TemporalGone('Temporal is gone')));
  const lines = logOfWatching(looked);
  await vi.waitFor(() => expect(looked).toHaveBeenCalled());
  await new Promise(setImmediate);
  expect(lines).toEqual([]);
});
