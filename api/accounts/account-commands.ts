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
      summary: 'Tell more of an account: what its requirements ask for',
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
      summary: 'Name someone who answers for an account, or owns it',
      body: addPersonBody,
      command: async (body, tokens) => ({ kind: 'add_person', token: await tokens.person(body) }),
    }),
    accountCommand(backend, {
      path: '/v1/accounts/{id}/external_accounts',
      role: 'service',
      summary: 'Give an account a bank account or debit card to be paid out to',
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
      summary: 'Pay out by itself (daily, weekly, monthly), or only when asked',
      body: payoutScheduleBody,
      command: (body) => ({ kind: 'update', changes: { payoutSchedule: payoutSchedule(body) } }),
    }),
    accountCommand(backend, {
      path: '/v1/accounts/{id}/reject',
      role: 'ops',
      summary: 'Close an account for good',
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
      summary: 'Decide what becomes of an operation of an account that is stuck',
      body: resolveBody,
      command: resolveCommand,
    }),
  ];
}
