import type Stripe from 'stripe';
import type { CommandAnswer } from '../../contract/command-messages.ts';
import type { Account } from '../../domain/accounts/account.ts';
import { presentPending } from '../../domain/commands/present-pending.ts';
import { accountWorkflowId } from '../../domain/ids.ts';
import { readAll } from '../../stripe/read-all.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import { attemptOf } from '../backend/attempt.ts';
import type { Backend } from '../backend/backend.ts';
import type { KnownAccount } from '../backend/known-account.ts';
import type { Asked } from '../commands/command-reply.ts';
import { commandReply } from '../commands/command-reply.ts';
import type { Reply } from '../http/endpoint.ts';
import { orElse } from '../http/or-else.ts';
import type { AccountResource } from './account-schema.ts';
import { presentAccount, presentFromWorkflow, presentNeedsOfAccount } from './present-account.ts';

/** As Stripe shows an account, which brings ten external accounts along, with all of them. */
export async function wholeAccount(
  { stripe }: Pick<Backend, 'stripe'>,
  account: Stripe.Account,
): Promise<AccountResource> {
  const { id, external_accounts: shown } = account;
  if (!shown?.has_more) return presentAccount(account, shown?.data ?? []);
  const list = stripe.accounts.listExternalAccounts(id, { limit: 100 }, STRIPE_READ);
  return presentAccount(account, await readAll(list));
}

/** An account as Stripe shows it, with its stuck operation. */
export async function viewOf(backend: Backend, known: KnownAccount): Promise<AccountResource> {
  if (known.stripe === null) return presentFromWorkflow(known.account);
  const shown = await wholeAccount(backend, known.stripe);
  return orElse(backend.logger, `Reading the workflow of ${known.reference}`, shown, async () => {
    const account = await backend.accounts.readIfThere(known.reference);
    if (!account) return shown;
    const attempt = await attemptOf(backend.temporal, accountWorkflowId(known.reference), account.pending);
    const pending = presentPending(account.pending, attempt);
    return { ...shown, pending, needs_attention: presentNeedsOfAccount(account) };
  });
}

/** The reply to an account's command, with the account as Stripe shows it now, or otherwise as its workflow knows it. */
export async function accountReply(
  { stripe, directory, logger }: Backend,
  answer: CommandAnswer<Account>,
  asked: Asked,
  doneStatus: 200 | 201,
): Promise<Reply> {
  const { state } = answer;
  const id = state.facts?.id;
  const location = `/v1/accounts/${id ?? state.reference}`;
  if (id !== undefined) directory.forget(id);
  const remembered = presentFromWorkflow(state);
  if (id === undefined || state.connection !== 'connected') {
    return commandReply(answer, asked, { location, doneStatus, body: remembered });
  }
  // What was asked for is done: that Stripe cannot be read now must not make it look failed.
  const body = await orElse(logger, `Reading the account ${id}`, remembered, async () => {
    const shown = await wholeAccount({ stripe }, await stripe.accounts.retrieve(id, {}, STRIPE_READ));
    const pending = presentPending(state.pending, null);
    return { ...shown, pending, needs_attention: presentNeedsOfAccount(state) };
  });
  return commandReply(answer, asked, { location, doneStatus, body });
}
