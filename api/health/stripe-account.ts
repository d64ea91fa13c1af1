import { knownAccount, otherAccount } from '../../temporal/stripe-account.ts';
import type { Backend } from '../backend/backend.ts';
import { within } from '../backend/wait.ts';

const WITHIN_MS = 1_500;

/**
 * Asks whether this process's key is of the account that the namespace's orders are of: what is wrong, or null. A key stays what it is, so once
 * it was right Temporal is not asked again.
 */
export function accountCheck({
  temporal,
  directory,
  livemode,
}: Pick<Backend, 'temporal' | 'directory' | 'livemode'>): () => Promise<string | null> {
  let isRight = false;
  return async () => {
    if (isRight) return null;
    const { id } = await directory.platform();
    const known = await within(temporal, WITHIN_MS, () => knownAccount(temporal));
    if (known === null) return null;
    const problem = otherAccount(known, { id, livemode });
    isRight = problem === null;
    return problem;
  };
}
