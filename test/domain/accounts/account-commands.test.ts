import { describe, expect, it } from 'vitest';
import { newAccount, transitionAccount } from '../../../domain/accounts/account.ts';
import type { AccountCommandBody } from '../../../domain/accounts/account-commands.ts';
import {
  malformedAccountCommand,
  refusalOfAccountCommand,
} from '../../../domain/accounts/account-commands.ts';
import { accountFacts, attention, envelope, NOW } from '../../support/builders.ts';

const born = newAccount('seller-1', NOW, false);
const known = transitionAccount(born, { type: 'account_observed', facts: accountFacts() });
const typed = (type: string | null) =>
  transitionAccount(born, { type: 'account_observed', facts: accountFacts({ type }) });
const letGo: AccountCommandBody = { kind: 'deauthorize' };
const stuck = transitionAccount(known, { type: 'attention_raised', attention: attention() });
const gone = transitionAccount(known, { type: 'account_disconnected' });
const update: AccountCommandBody = { kind: 'update', changes: { email: 'a@b.example' } };
const retry: AccountCommandBody = { kind: 'resolve', action: 'retry', stripeId: null, reason: 'mended' };

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
    ['nothing', undefined, 'kind'],
    ['another kind', { kind: 'capture' }, 'kind'],
    ['an update of nothing', { kind: 'update' }, 'changes'],
    ['an update by null', { kind: 'update', changes: null }, 'changes'],
    ['a person without a token', { kind: 'add_person' }, 'token'],
    [
      'a bank account in the clear',
      { kind: 'add_external_account', token: { account_number: '1' } },
      'token',
    ],
  ])('typed by hand as %s is refused', (_, message, param) => {
    expect(malformedAccountCommand(message)).toMatchObject({ code: 'invalid_request', param });
  });

  it('typed by hand without saying who sends it is refused', () => {
    expect(malformedAccountCommand({ kind: 'deauthorize' })).toMatchObject({ code: 'invalid_request' });
    expect(malformedAccountCommand({ ...envelope('cmd_1'), kind: 'deauthorize' })).toBeNull();
  });
});
