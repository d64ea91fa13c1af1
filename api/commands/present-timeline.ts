import type { Timeline } from '../../domain/commands/timeline.ts';
import { rfc3339 } from '../../domain/rfc3339.ts';
import type { TimelineResource } from './timeline.ts';

/** `of`: the path of what it is the timeline of. */
export function presentTimeline(of: string, { entries, dropped }: Timeline): TimelineResource {
  return {
    object: 'list',
    url: `${of}/timeline`,
    has_more: false,
    dropped,
    data: entries.map((entry) => ({
      at: rfc3339(entry.at),
      type: entry.type,
      name: entry.name,
      actor: entry.actor,
      cause: entry.cause,
      detail: entry.detail,
      stripe_id: entry.stripeId,
      stripe_request_id: entry.stripeRequestId,
    })),
  };
}
