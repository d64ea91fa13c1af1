import type { AccountOperation } from '../../contract/account-operations.ts';
import type { AccountCommand } from '../../domain/accounts/account-command-table.ts';
import { refusalOfAccountCommand } from '../../domain/accounts/account-refusals.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { problem } from '../../domain/errors.ts';
import { accountMetadata } from '../../domain/ids.ts';
import { resolveAttention } from '../entity/attention.ts';
import { isStuck, newStamp } from '../entity/perform.ts';
import { performAndRecord } from '../entity/perform-and-record.ts';
import { readUntilKnown } from '../entity/readings.ts';
import type { AccountRecord } from './account-record.ts';

/** Creates the account, connects it, or adopts an existing one. */
export async function beginAccount(record: AccountRecord): Promise<void> {
  const { input } = record;
  const { begin: command, origin } = input;
  record.begin(origin.kind, command);
  switch (origin.kind) {
    case 'create': {
      const operation = {
        operation: 'create_account',
        ...baseOf(record, command),
        requestHash: command.requestHash,
        terms: origin.terms,
      } as const;
      return performAndRecord(record, command, operation);
    }
    case 'connect': {
      const { code, newestBefore } = origin;
      const base = baseOf(record, command);
      const operation = { operation: 'connect_account', ...base, code, newestBefore } as const;
      return performAndRecord(record, command, operation);
    }
    case 'adopt': {
      const facts = await readUntilKnown(record, 'read the account', ({ readAccount }) =>
        readAccount(origin.account),
      );
      if (isStuck(facts)) {
        const why = `The account ${origin.account} could not be read from Stripe: ${facts.failure.message}`;
        return record.refuseBeginning(command, problem('unavailable', why));
      }
      if (facts === null) {
        const why = `This platform has no account ${origin.account} at Stripe.`;
        return record.refuseBeginning(command, problem('not_found', why, { param: 'id' }));
      }
      record.observe({ type: 'account_observed', facts });
      record.endCommand(command, 'done');
    }
  }
}

/** Marks an account that was connected by OAuth with its reference, once, so that it is found by it again. */
export async function storeReference(record: AccountRecord): Promise<void> {
  const { begin, reference, origin } = record.input;
  const { facts, attention } = record.account;
  const command = { ...begin, commandId: `${begin.commandId}-mark`, actor: 'waybill' };
  const isMarked =
    facts?.metadata.waybill_account === reference || record.command(command.commandId) !== null;
  if (origin.kind !== 'connect' || facts === null || attention || record.mayComplete || isMarked) return;
  record.begin('update', command);
  const operation = {
    operation: 'update_account',
    ...baseOf(record, command),
    account: facts.id,
    changes: { metadata: accountMetadata(reference, begin.commandId) },
  } as const;
  await performAndRecord(record, command, operation);
}

/** Until the command has ended, or an operator has to look. */
export async function handleAccountCommand(record: AccountRecord, command: AccountCommand): Promise<void> {
  const refusal = refusalOfAccountCommand(record.account, command);
  if (refusal) return record.endCommand(command, 'refused', refusal);
  if (command.kind === 'resolve') return resolveAttention(record, command);
  const operation = operationOf(record, command);
  await performAndRecord(record, command, operation);
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
        defaultForCurrency: command.default_for_currency,
      };
    case 'reject':
      return { operation: 'reject_account', ...base, reason: command.reason };
    case 'deauthorize':
      return { operation: 'deauthorize_account', ...base };
  }
}

function baseOf({ input }: AccountRecord, command: Pick<CommandEnvelope, 'commandId'>) {
  return { reference: input.reference, ...newStamp(command) };
}
