import { canonicalJson } from '../commands/canonical-json.ts';
import { sha256Hex } from '../sha256-hex.ts';
import type { OutgoingEvent } from './outgoing-event.ts';

const DIGITS = 16;
/** A second try of the same thing has others. */
const OF_ONE_TRY: ReadonlySet<string> = new Set(['since', 'next_attempt_at', 'stripe_request_id']);

/** Equal for two events that tell the same, whenever each was made. */
export function contentDigest({ type, data }: Pick<OutgoingEvent, 'type' | 'data'>): string {
  const lasting = JSON.stringify([type, data], (key, value) => (OF_ONE_TRY.has(key) ? undefined : value));
  return sha256Hex(canonicalJson(JSON.parse(lasting))).slice(0, DIGITS);
}
