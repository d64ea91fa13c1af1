import { z } from 'zod';
import type { CommandEnvelope } from '../commands/command.ts';
import type { BodyOf } from '../commands/define-command.ts';
import { defineCommand } from '../commands/define-command.ts';
import { field } from '../commands/fields.ts';
import { resolveCommand } from '../commands/resolve-command.ts';
import type { AccountChanges } from './account-terms.ts';

const token = z.string().regex(/^[a-z]+_\w+$/, { error: 'must be the id of a token' });
const changes = z.custom<AccountChanges>((given) => typeof given === 'object' && given !== null, {
  error: 'must be an object',
});

/**
 * Every command of an account that is there, in words that a workflow's history may keep: the API has turned identity data and
 * bank numbers into tokens by then, and serves `update` at several paths. Frozen as the fields of commands are.
 */
export const ACCOUNT_COMMANDS = Object.freeze({
  update: defineCommand('update', {
    description: 'Update an account, with what its requirements ask for',
    update: 'update',
    isSignal: false,
    role: 'service',
    path: '',
    message: z.strictObject({ changes }),
  }),
  add_person: defineCommand('add_person', {
    description: 'Add a person who represents or owns an account',
    update: 'addPerson',
    isSignal: false,
    role: 'service',
    path: 'persons',
    message: z.strictObject({ token }),
  }),
  add_external_account: defineCommand('add_external_account', {
    description: 'Add a bank account or debit card for payouts to an account',
    update: 'addExternalAccount',
    isSignal: false,
    role: 'service',
    path: 'external_accounts',
    message: z.strictObject({ token, default_for_currency: z.boolean().default(false) }),
  }),
  reject: defineCommand('reject', {
    description: 'Reject an account permanently',
    update: 'reject',
    isSignal: false,
    role: 'ops',
    path: 'reject',
    message: z
      .strictObject({ reason: z.enum(['fraud', 'terms_of_service', 'other']).describe('Why, for Stripe.') })
      .meta({ id: 'AccountReject', example: { reason: 'fraud' } }),
  }),
  deauthorize: defineCommand('deauthorize', {
    description: 'End the connection to a Standard account; its owner keeps it',
    update: 'deauthorize',
    isSignal: false,
    role: 'ops',
    path: 'deauthorize',
    message: z.strictObject({ reason: field.reason.optional() }).meta({ example: {} }),
  }),
  resolve: resolveCommand('Resolve a stuck operation of an account'),
});

type Commands = typeof ACCOUNT_COMMANDS;
export type AccountCommandBody = { [Kind in keyof Commands]: BodyOf<Commands[Kind]> }[keyof Commands];
export type AccountCommand = CommandEnvelope & AccountCommandBody;
/** With what an account's life begins: made, connected by its owner, or known to Stripe before. */
export type AccountCommandKind = keyof Commands | 'create' | 'connect' | 'adopt';
export type RejectReason = BodyOf<Commands['reject']>['reason'];
