import { describe, expect, it } from 'vitest';
import { newAccount, transitionAccount } from '../../../domain/accounts/account.ts';
import type { AccountCommandBody } from '../../../domain/accounts/account-command-table.ts';
import { ACCOUNT_COMMANDS } from '../../../domain/accounts/account-command-table.ts';
import { refusalOfAccountCommand } from '../../../domain/accounts/account-refusals.ts';
import { accountFacts, attention, NOW } from '../../support/builders.ts';

const born = newAccount('seller-1', NOW, false);
const known = transitionAccount(born, { type: 'account_observed', facts: accountFacts() });
const typed = (type: string | null) =>
  transitionAccount(born, { type: 'account_observed', facts: accountFacts({ type }) });
const letGo: AccountCommandBody = { kind: 'deauthorize' };
const stuck = transitionAccount(known, { type: 'attention_raised', attention: attention() });
const gone = transitionAccount(known, { type: 'account_disconnected' });
const update: AccountCommandBody = { kind: 'update', changes: { email: 'a@b.example' } };
const retry: AccountCommandBody = { kind: 'resolve', action: 'retry', reason: 'mended' };

describe('a command to an account', () => {
  it.each([
    ['that is known', known, update, null],
    ['that is not made yet', born, update, 'state_conflict'],
    ['that is disconnected', gone, update, 'state_conflict'],
    ['of which something is stuck', stuck, update, 'needs_attention'],
    ['of which something is stuck, to resolve it', stuck, retry, null],
    ['of which nothing is stuck, to resolve it', known, retry, 'state_conflict'],
    ['that its owner connected, to let it go', typed('standard'), letGo, null],
    ['of type express, to let it go', typed('express'), letGo, 'state_conflict'],
    ['of type custom, to let it go', typed('custom'), letGo, 'state_conflict'],
    ['of no type, to let it go', typed(null), letGo, 'state_conflict'],
  ] as const)('%s', (_, account, command, code) => {
    expect(refusalOfAccountCommand(account, command)?.code ?? null).toBe(code);
  });

  it.each([
    ['an update of nothing', 'update', {}, 'changes'],
    ['an update by null', 'update', { changes: null }, 'changes'],
    ['a person without a token', 'add_person', {}, 'token'],
    ['a bank account in the clear', 'add_external_account', { token: { account_number: '1' } }, 'token'],
    ['a rejection without a reason', 'reject', {}, 'reason'],
  ] as const)('%s is refused', (_, kind, fields, param) => {
    expect(ACCOUNT_COMMANDS[kind].read(fields).refusal).toMatchObject({ code: 'invalid_request', param });
  });

  it('with its fields is taken', () => {
    expect(ACCOUNT_COMMANDS.update.read({ changes: {} }).value).toEqual({ kind: 'update', changes: {} });
    expect(ACCOUNT_COMMANDS.add_person.read({ token: 'cpt_1' }).value).toMatchObject({ token: 'cpt_1' });
  });
});
