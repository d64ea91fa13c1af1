import type { AccountFacts } from './account.ts';
import { accountStatus } from './account.ts';

/**
 * What of an account follows from its verification, in one number: two accounts that differ in their status, in what they may do
 * or in what Stripe requires differ in it (but for one time in four billion). Stripe returns lists and maps in no particular order.
 */
export function accountDigest(facts: AccountFacts): number {
  const { capabilities, requirements } = facts;
  const { currentlyDue, eventuallyDue, pastDue, pendingVerification } = requirements;
  return fnv1a(
    JSON.stringify([
      accountStatus(facts),
      Object.entries(capabilities).map(String).sort(),
      ...[currentlyDue, eventuallyDue, pastDue, pendingVerification].map((names) => names.toSorted()),
      requirements.disabledReason,
      requirements.currentDeadline,
    ]),
  );
}

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string): number {
  let hash = OFFSET;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash >>> 0;
}
