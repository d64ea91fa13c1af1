import { ACCOUNT_COMMANDS } from '../../domain/accounts/account-command-table.ts';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { accountCommand } from './account-command.ts';
import {
  addExternalAccountBody,
  capabilitiesBody,
  payoutScheduleBody,
  updateAccountBody,
} from './account-commands-schema.ts';
import { accountChanges, payoutSchedule } from './account-terms.ts';
import { addPersonBody } from './identity-schema.ts';

const { update, add_person, add_external_account, reject, deauthorize, resolve } = ACCOUNT_COMMANDS;

/** Everything that is asked of an account that is there. Parts of an update have endpoints of their own. */
export function accountCommands(backend: Backend): readonly Endpoint[] {
  const asItIs = { fields: (body: Readonly<Record<string, unknown>>) => body };
  return [
    accountCommand(backend, update, {
      body: updateAccountBody,
      fields: async (body, tokens) => ({ changes: accountChanges(body, await tokens.changes(body)) }),
    }),
    accountCommand(
      backend,
      update,
      {
        body: capabilitiesBody,
        fields: ({ capabilities }) => ({ changes: { capabilities } }),
      },
      {
        name: 'accounts.requestCapabilities',
        path: '/v1/accounts/{id}/capabilities',
        summary: 'Request capabilities, such as card_payments and transfers',
      },
    ),
    accountCommand(backend, add_person, {
      body: addPersonBody,
      fields: async (body, tokens) => ({ token: await tokens.person(body) }),
    }),
    accountCommand(backend, add_external_account, {
      body: addExternalAccountBody,
      fields: async ({ external_account, ...body }, tokens) => ({
        ...body,
        token: await tokens.externalAccount(external_account),
      }),
    }),
    accountCommand(
      backend,
      update,
      {
        body: payoutScheduleBody,
        fields: (body) => ({ changes: { payoutSchedule: payoutSchedule(body) } }),
      },
      {
        name: 'accounts.setPayoutSchedule',
        path: '/v1/accounts/{id}/payout_schedule',
        summary: 'Pay out automatically (daily, weekly, monthly), or only when asked',
      },
    ),
    accountCommand(backend, reject, { body: reject.message, ...asItIs }),
    accountCommand(backend, deauthorize, { body: deauthorize.message, ...asItIs }),
    accountCommand(backend, resolve, { body: resolve.message, ...asItIs }),
  ];
}
