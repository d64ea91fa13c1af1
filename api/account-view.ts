import type { Account } from '../domain/account.ts';
import type { Backend } from './backend.ts';
import type { Aftermath } from './command-reply.ts';
import type { KnownAccount } from './known-account.ts';
import { presentAccount, presentNeedsOfAccount, presentRemembered } from './present-account.ts';
import type { AccountResource } from './schemas/account.ts';
import { STRIPE_READ } from './stripe-read.ts';
import type { Outcome } from './temporal/commanded.ts';

/** An account as Stripe tells it, with what is stuck of it. */
export async function viewOf(backend: Backend, known: KnownAccount): Promise<AccountResource> {
  if (known.stripe === null) return presentRemembered(known.account);
  const shown = presentAccount(known.stripe);
  try {
    const account = await backend.accounts.read(known.reference);
    return { ...shown, needs_attention: presentNeedsOfAccount(account) };
  } catch {
    // Not every account has a workflow, and one that does not answer now hides nothing of what Stripe tells.
    return shown;
  }
}

/** An account after a command: as Stripe tells it now, or else as its workflow knows it. */
export async function accountAftermath(
  { stripe, directory }: Backend,
  { state }: Outcome<Account>,
  doneStatus: 200 | 201,
): Promise<Aftermath> {
  const id = state.facts?.id;
  const location = `/v1/accounts/${id ?? state.reference}`;
  if (id !== undefined) directory.forget(id);
  if (id === undefined || state.connection !== 'connected') {
    return { location, doneStatus, body: presentRemembered(state) };
  }
  try {
    const shown = presentAccount(await stripe.accounts.retrieve(id, {}, STRIPE_READ));
    return { location, doneStatus, body: { ...shown, needs_attention: presentNeedsOfAccount(state) } };
  } catch {
    // What was asked for is done: that Stripe cannot be read now must not make it look failed.
    return { location, doneStatus, body: presentRemembered(state) };
  }
}
