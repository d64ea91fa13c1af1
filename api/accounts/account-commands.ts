import type { Backend } from '../backend/backend.ts';
import { resolveBody, resolveCommand } from '../commands/commands.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { nothingBody } from '../http/fields.ts';
import { accountCommand } from './account-command.ts';
import {
  addExternalAccountBody,
  capabilitiesBody,
  payoutScheduleBody,
  rejectAccountBody,
  updateAccountBody,
} from './account-commands-schema.ts';
import { accountChanges, payoutSchedule } from './account-terms.ts';
import { addPersonBody } from './identity-schema.ts';

/** Everything that is asked of an account that is there. */
export function accountCommands(backend: Backend): readonly Endpoint[] {
  return [
    accountCommand(backend, {
      path: '/v1/accounts/{id}',
      role: 'service',
      summary: 'Update an account, with what its requirements ask for',
      body: updateAccountBody,
      command: async (body, tokens) => ({
        kind: 'update',
        changes: accountChanges(body, await tokens.changes(body)),
      }),
    }),
    accountCommand(backend, {
      path: '/v1/accounts/{id}/capabilities',
      role: 'service',
      summary: 'Request capabilities, such as card_payments and transfers',
      body: capabilitiesBody,
      command: (body) => ({ kind: 'update', changes: { capabilities: body.capabilities } }),
    }),
    accountCommand(backend, {
      path: '/v1/accounts/{id}/persons',
      role: 'service',
      summary: 'Add a person who represents or owns an account',
      body: addPersonBody,
      command: async (body, tokens) => ({ kind: 'add_person', token: await tokens.person(body) }),
    }),
    accountCommand(backend, {
      path: '/v1/accounts/{id}/external_accounts',
      role: 'service',
      summary: 'Add a bank account or debit card for payouts to an account',
      body: addExternalAccountBody,
      command: async (body, tokens) => ({
        kind: 'add_external_account',
        token: await tokens.externalAccount(body.external_account),
        defaultForCurrency: body.default_for_currency,
      }),
    }),
    accountCommand(backend, {
      path: '/v1/accounts/{id}/payout_schedule',
      role: 'service',
      summary: 'Pay out automatically (daily, weekly, monthly), or only when asked',
      body: payoutScheduleBody,
      command: (body) => ({ kind: 'update', changes: { payoutSchedule: payoutSchedule(body) } }),
    }),
    accountCommand(backend, {
      path: '/v1/accounts/{id}/reject',
      role: 'ops',
      summary: 'Reject an account permanently',
      body: rejectAccountBody,
      command: ({ reason }) => ({ kind: 'reject', reason }),
    }),
    accountCommand(backend, {
      path: '/v1/accounts/{id}/deauthorize',
      role: 'ops',
      summary: 'End the connection to a Standard account; its owner keeps it',
      body: nothingBody,
      command: () => ({ kind: 'deauthorize' }),
    }),
    accountCommand(backend, {
      path: '/v1/accounts/{id}/resolve',
      role: 'ops',
      summary: 'Resolve a stuck operation of an account',
      body: resolveBody,
      command: resolveCommand,
    }),
  ];
}
