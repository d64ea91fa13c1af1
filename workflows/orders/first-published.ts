import type { OrderInput } from '../../contract/orders.ts';
import type { Published } from '../../domain/outgoing-events/outgoing-event.ts';
import { nothingPublished } from '../../domain/outgoing-events/outgoing-events.ts';
import { SECOND_MS } from '../shared/time.ts';

/**
 * A reopened order continues the numbers of its events; if the last one is forgotten, at the second of
 * its start, which no order's count comes near to.
 */
export function firstPublished({ adopt, announced }: OrderInput, startedAt: number): Published {
  const wanted = announced ?? false;
  if (adopt?.memory) return { ...adopt.memory.announced, wanted };
  return nothingPublished(wanted, adopt ? Math.floor(startedAt / SECOND_MS) : 0);
}
