import type Stripe from 'stripe';
import type { AddExternalAccountOperation, AddPersonOperation } from '../../contract/account-operations.ts';
import type { OperationOutcome } from '../../contract/operations.ts';
import { accountMetadata, isMadeBy } from '../../domain/ids.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import type { Handlers } from '../shared/run-once.ts';
import { readAccountOutcome } from './accounts.ts';

type Metadata = Readonly<Record<string, string>> | null | undefined;

/** Gives an account someone who answers for it, or owns it, by a token. */
export function addPersonHandlers({ stripe }: ActivityDeps, operation: AddPersonOperation): Handlers {
  const { account, token } = operation;
  return partHandlers(stripe, operation, {
    create: (metadata, idempotencyKey) =>
      stripe.accounts.createPerson(account, { person_token: token, metadata }, { idempotencyKey }),
    list: () => stripe.accounts.listPersons(account, { limit: 100 }),
  });
}

/** Gives an account a bank account or a debit card to be paid out to, by a token. */
export function addExternalAccountHandlers(
  { stripe }: ActivityDeps,
  operation: AddExternalAccountOperation,
): Handlers {
  const { account, token, defaultForCurrency } = operation;
  return partHandlers(stripe, operation, {
    create: (metadata, idempotencyKey) =>
      stripe.accounts.createExternalAccount(
        account,
        { external_account: token, default_for_currency: defaultForCurrency, metadata },
        { idempotencyKey },
      ),
    list: () => stripe.accounts.listExternalAccounts(account, { limit: 100 }),
  });
}

interface Part {
  create(metadata: Record<string, string>, idempotencyKey: string): Promise<unknown>;
  list(): AsyncIterable<{ readonly id: string; readonly metadata?: Metadata }>;
}

/** What belongs to an account is found again by its own metadata; the account itself shows what it changed. */
function partHandlers(
  stripe: Stripe,
  operation: AddPersonOperation | AddExternalAccountOperation,
  part: Part,
): Handlers {
  const { account, reference, operationId } = operation;
  const find = async (wanted: (id: string) => boolean): Promise<OperationOutcome | null> => {
    for await (const { id, metadata } of part.list()) {
      if (isMadeBy(operation, metadata) && wanted(id)) return readAccountOutcome(stripe, account);
    }
    return null;
  };
  return {
    call: async (idempotencyKey) => {
      await part.create(accountMetadata(reference, operationId), idempotencyKey);
      return readAccountOutcome(stripe, account);
    },
    findEffect: () => find(() => true),
    verify: (stripeId) => find((id) => id === stripeId),
  };
}
