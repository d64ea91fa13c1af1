import type Stripe from 'stripe';
import { ACCOUNT_WORKFLOW } from '../../contract/accounts.ts';
import type { Account } from '../../domain/accounts/account.ts';
import { accountReference, accountReferenceOf } from '../../domain/ids.ts';
import { isNotOurs } from '../../stripe/errors.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import type { Backend } from './backend.ts';
import { isStripeId } from './stripe-id.ts';
import { equals } from './visibility-filter.ts';

/** An account as Stripe shows it, or otherwise as its workflow remembers it. */
export type KnownAccount =
  | { readonly reference: string; readonly stripe: Stripe.Account; readonly account: null }
  | { readonly reference: string; readonly stripe: null; readonly account: Account };

/** Finds an account by Stripe's id, or by the caller's own reference, which is all there is while it is being made. */
export async function findAccount(backend: Backend, id: string): Promise<KnownAccount> {
  if (!isStripeId(id)) return knownByReference(backend, id);
  try {
    const stripe = await backend.stripe.accounts.retrieve(id, {}, STRIPE_READ);
    return { reference: accountReference(stripe), stripe, account: null };
  } catch (error) {
    const account = isNotOurs(error) ? await disconnectedAccount(backend, id) : null;
    if (account === null) throw error;
    return { reference: account.reference, stripe: null, account };
  }
}

/** Throws if neither Stripe nor Temporal knows an account of this id; where Stripe does not answer, it may be there. */
export async function refuseUnknown(backend: Backend, id: string): Promise<void> {
  try {
    await findAccount(backend, id);
  } catch (error) {
    if (isNotOurs(error)) throw error;
  }
}

/** An account that the platform lost its access to, by the memory of its workflow; null: it never had one. */
export async function disconnectedAccount(
  backend: Pick<Backend, 'visibility' | 'accounts'>,
  id: string,
): Promise<Account | null> {
  const reference = await knownReference(backend, id);
  return reference === undefined ? null : backend.accounts.read(reference);
}

/** The reference of an account that is named by it, or by Stripe's id. */
export async function referenceOf(backend: Pick<Backend, 'visibility'>, name: string): Promise<string> {
  return isStripeId(name) ? ((await knownReference(backend, name)) ?? name) : name;
}

/** By what Temporal indexed of its workflow; undefined: it has none. */
async function knownReference({ visibility }: Pick<Backend, 'visibility'>, id: string) {
  const conditions = [equals('ConnectedAccount', id)];
  const { rows } = await visibility.page(ACCOUNT_WORKFLOW, conditions, { limit: 1, after: null });
  return rows[0] && accountReferenceOf(rows[0].workflowId);
}

async function knownByReference(backend: Backend, reference: string): Promise<KnownAccount> {
  const account = await backend.accounts.read(reference);
  if (account.facts === null || account.connection !== 'connected') {
    return { reference, stripe: null, account };
  }
  const stripe = await backend.stripe.accounts.retrieve(account.facts.id, {}, STRIPE_READ);
  return { reference, stripe, account: null };
}
