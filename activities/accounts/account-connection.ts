import Stripe from 'stripe';
import type {
  ConnectAccountOperation,
  DeauthorizeAccountOperation,
  RejectAccountOperation,
} from '../../contract/account-operations.ts';
import type { OperationOutcome } from '../../contract/operations.ts';
import { accountStatus } from '../../domain/accounts/account.ts';
import { accountFactsOf } from '../../stripe/account-facts.ts';
import { isNotOurs } from '../../stripe/errors.ts';
import { needsAttention } from '../../stripe/failures.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import type { Handlers } from '../shared/run-once.ts';
import { KEY_TRUSTED_MS } from '../shared/run-once.ts';
import { accountOutcome, claimAccount, readAccountOutcome } from './accounts.ts';

const DISCONNECTED: OperationOutcome = { type: 'disconnected', stripeRequestId: null };
/** Accounts that may have been connected while one answer was awaited: more than that cannot be distinguished anyway. */
const CANDIDATES_MAX = 100;

/**
 * Exchanges the authorization code of an account's owner for the connection. A code works once: if the answer was lost, and
 * Stripe says that the code is used, a person is asked which of the accounts it connected. None is taken for it: another owner may
 * have connected the only one in sight at the same time, and money would go to the wrong owner.
 */
export function connectAccountHandlers(
  { stripe, now }: ActivityDeps,
  operation: ConnectAccountOperation,
): Handlers {
  const askWhich = async (until: string | null): Promise<void> => {
    const candidates = await unmarkedStandardAccounts(stripe, until);
    if (candidates.length > 0) throw ambiguous(candidates);
  };
  const mayBeConnected = (error: Stripe.errors.StripeError): boolean =>
    operation.generation > 0 ||
    now() - operation.requestedAt > KEY_TRUSTED_MS ||
    error.message.includes('already been used');
  return {
    call: async (idempotencyKey) => {
      const params = { grant_type: 'authorization_code', code: operation.code } as const;
      try {
        const { stripe_user_id: id } = await stripe.oauth.token(params, { idempotencyKey });
        return await readAccountOutcome(stripe, id ?? '');
      } catch (error) {
        const used = error instanceof Stripe.errors.StripeError && error.rawType === 'invalid_grant';
        if (!used) throw error;
        await askWhich(operation.newestBefore);
        // Owners also connect accounts that they opened long before: a list by creation does not show which one is new.
        if (mayBeConnected(error)) await askWhich(null);
        throw error;
      }
    },
    findEffect: async () => {
      await askWhich(operation.newestBefore);
      return null;
    },
    verify: (id) => claimAccount(stripe, operation, id),
  };
}

/** Newest first; `until`: the account at which to stop. */
async function unmarkedStandardAccounts(stripe: Stripe, until: string | null): Promise<readonly string[]> {
  const found: string[] = [];
  let seen = 0;
  for await (const { id, type, metadata } of stripe.accounts.list({ limit: 100 })) {
    seen += 1;
    if (id === until || seen > CANDIDATES_MAX) break;
    if (type === 'standard' && !metadata?.waybill_account) found.push(id);
  }
  return found;
}

function ambiguous(candidates: readonly string[]): Error {
  const message = `One of these may have been connected by this code: ${candidates.join(', ')}`;
  return needsAttention({ code: 'ambiguous_account', message, stripeRequestId: null });
}

/** Ends the platform's access to a Standard account; its owner keeps it. */
export function deauthorizeHandlers(
  { stripe, clientId }: ActivityDeps,
  { account }: DeauthorizeAccountOperation,
): Handlers {
  const findEffect = async (): Promise<OperationOutcome | null> =>
    (await readConnection(stripe, account)) === null ? DISCONNECTED : null;
  return {
    call: async (idempotencyKey) => {
      const done = await findEffect();
      if (done) return done;
      if (clientId === null) {
        throw needsAttention({
          code: 'client_id_missing',
          message: 'The worker has no STRIPE_CLIENT_ID.',
          stripeRequestId: null,
        });
      }
      await stripe.oauth.deauthorize({ client_id: clientId, stripe_user_id: account }, { idempotencyKey });
      return DISCONNECTED;
    },
    findEffect,
    verify: async (id) => (id === account ? findEffect() : null),
  };
}

/** Closes an account for good. */
export function rejectHandlers(
  { stripe }: ActivityDeps,
  { account, reason }: RejectAccountOperation,
): Handlers {
  const findEffect = async (): Promise<OperationOutcome | null> => {
    const known = await stripe.accounts.retrieve(account);
    return accountStatus(accountFactsOf(known)) === 'rejected' ? accountOutcome(known) : null;
  };
  return {
    call: async (idempotencyKey) =>
      accountOutcome(await stripe.accounts.reject(account, { reason }, { idempotencyKey })),
    findEffect,
    verify: async (id) => (id === account ? findEffect() : null),
  };
}

/** The account as Stripe shows it now; null: the platform has no access to it. */
export async function readConnection(stripe: Stripe, id: string) {
  try {
    const account = await stripe.accounts.retrieve(id);
    return account.deleted ? null : accountFactsOf(account);
  } catch (error) {
    if (isNotOurs(error)) return null;
    throw error;
  }
}
