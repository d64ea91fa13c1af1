import { msOf } from './timestamp.ts';

/** An idle worker's poll lasts a minute; one that was not seen for longer is gone. */
const SEEN_WITHIN_MS = 90_000;

/** Those of a task queue's pollers that are there still. */
export function seenLately<Poller extends { readonly lastAccessTime?: Parameters<typeof msOf>[0] }>(
  pollers: readonly Poller[],
): readonly Poller[] {
  const since = Date.now() - SEEN_WITHIN_MS;
  return pollers.filter(({ lastAccessTime }) => msOf(lastAccessTime) >= since);
}
