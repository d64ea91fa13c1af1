import type { AccountOperation } from '../../contract/account-operations.ts';
import type { AccountCommand } from '../../domain/accounts/account-commands.ts';
import { refusalOfAccountCommand } from '../../domain/accounts/account-commands.ts';
import { problem } from '../../domain/errors.ts';
import { accountMetadata } from '../../domain/ids.ts';
import { carryThrough, resolveAttention } from '../entity/attention.ts';
import { isStuck, readAccount } from '../entity/perform.ts';
import { workflowNow } from '../shared/time.ts';
import type { AccountRecord } from './account-record.ts';

/** Makes the account, connects it, or takes over one that is there. */
export async function beginAccount(record: AccountRecord): Promise<void> {
  const { input } = record;
  const { begin: command, origin, policy } = input;
  record.begin(origin.kind, command);
  switch (origin.kind) {
    case 'create': {
      const operation = {
        operation: 'create_account',
        ...baseOf(record, command),
        requestHash: command.requestHash,
        terms: origin.terms,
      } as const;
      return carryThrough(record, command, operation, policy.retryBudgetMs);
    }
    case 'connect': {
      const { code, newestBefore } = origin;
      const base = baseOf(record, command);
      const operation = { operation: 'connect_account', ...base, code, newestBefore } as const;
      return carryThrough(record, command, operation, policy.retryBudgetMs);
    }
    case 'adopt': {
      const facts = await readAccount(origin.account, { budgetMs: policy.retryBudgetMs });
      if (facts === null || isStuck(facts)) {
        const why = facts
          ? facts.failure.message
          : `This platform has no account ${origin.account} at Stripe.`;
        return record.refuse(command, problem('not_found', why, { param: 'id' }));
      }
      record.observe(facts);
      record.settle(command, 'done');
    }
  }
}

/** Leaves its reference with an account that was connected and not made here, once, so that it is known by it again. */
export async function storeReference(record: AccountRecord): Promise<void> {
  const { begin, policy, reference, origin } = record.input;
  const { facts, attention } = record.account;
  const command = { ...begin, commandId: `${begin.commandId}-mark`, actor: 'waybill' };
  const isMarked =
    facts?.metadata.waybill_account === reference || record.command(command.commandId) !== null;
  if (origin.kind !== 'connect' || facts === null || attention || record.isClosed || isMarked) return;
  record.begin('update', command);
  const operation = {
    operation: 'update_account',
    ...baseOf(record, command),
    account: facts.id,
    changes: { metadata: accountMetadata(reference, begin.commandId) },
  } as const;
  await carryThrough(record, command, operation, policy.retryBudgetMs);
}

/** Carries out one command, to its result or to the point where an operator has to look. */
export async function handleAccountCommand(record: AccountRecord, command: AccountCommand): Promise<void> {
  const refusal = refusalOfAccountCommand(record.account, command);
  if (refusal) return record.settle(command, 'refused', refusal);
  if (command.kind === 'resolve') return resolveAttention(record, command);
  const operation = operationOf(record, command);
  await carryThrough(record, command, operation, record.input.policy.retryBudgetMs);
}

function operationOf(
  record: AccountRecord,
  command: Exclude<AccountCommand, { kind: 'resolve' }>,
): AccountOperation {
  const base = { ...baseOf(record, command), account: record.account.facts?.id ?? '' };
  switch (command.kind) {
    case 'update':
      return { operation: 'update_account', ...base, changes: command.changes };
    case 'add_person':
      return { operation: 'add_person', ...base, token: command.token };
    case 'add_external_account':
      return {
        operation: 'add_external_account',
        ...base,
        token: command.token,
        defaultForCurrency: command.defaultForCurrency,
      };
    case 'reject':
      return { operation: 'reject_account', ...base, reason: command.reason };
    case 'deauthorize':
      return { operation: 'deauthorize_account', ...base };
  }
}

function baseOf({ input }: AccountRecord, { commandId }: { readonly commandId: string }) {
  return {
    reference: input.reference,
    operationId: commandId,
    generation: 0,
    requestedAt: workflowNow(),
  };
}
