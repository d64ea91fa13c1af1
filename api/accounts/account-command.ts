import type { z } from 'zod';
import { accountStatus } from '../../domain/accounts/account.ts';
import type { AccountCommandBody } from '../../domain/accounts/account-command-table.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { messageOf } from '../../domain/commands/define-command.ts';
import { accountFactsOf } from '../../stripe/account-facts.ts';
import type { Backend } from '../backend/backend.ts';
import type { KnownAccount } from '../backend/known-account.ts';
import { findAccount } from '../backend/known-account.ts';
import type { Routed } from '../commands/command-route.ts';
import { commandOf, commandRoute } from '../commands/command-route.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { digestOf, secretEnvelopeOf } from '../http/idempotency.ts';
import { accountParams } from '../http/params.ts';
import { accountResource } from './account-schema.ts';
import { AccountTokens } from './account-tokens.ts';
import { accountReply } from './account-view.ts';

interface AccountCommandRoute<Body extends z.ZodObject> {
  readonly body: Body;
  /** The fields of the command's message, with identity data and bank numbers turned into tokens. */
  fields(body: z.output<Body>, tokens: AccountTokens): Fields | Promise<Fields>;
}

type Fields = Readonly<Record<string, unknown>>;

const ACCOUNTS = {
  name: 'accounts',
  tag: 'Accounts',
  path: '/v1/accounts/{id}',
  params: accountParams,
} as const;

/** The endpoint of one of an account's commands. */
export function accountCommand<Body extends z.ZodObject>(
  backend: Backend,
  definition: Routed<AccountCommandBody>,
  { body, fields: fieldsOf }: AccountCommandRoute<Body>,
  own: Partial<Pick<Endpoint, 'name' | 'path' | 'summary'>> = {},
): Endpoint {
  const { accounts, inFlight, tokenMaker, stateSecret } = backend;
  const route = { ...commandRoute(definition, ACCOUNTS), ...own, body };
  return endpoint({
    ...route,
    responses: {
      200: { description: 'Done.', schema: accountResource },
      202: { description: 'Still on its way, or waiting for an operator.', schema: accountResource },
    },
    async handle(request) {
      const { params, headers } = request;
      const known = await findAccount(backend, params.id);
      const digest = digestOf(request, 'accounts', known.reference);
      const envelope = secretEnvelopeOf(request, route.path, digest, stateSecret);
      const answer = await inFlight.run(envelope, async () => {
        const fields = await fieldsOf(request.body, new AccountTokens(tokenMaker, digest));
        const command = { ...commandOf(definition, fields), ...envelope };
        const adopted = adoption(backend, known, envelope);
        const waitMs = headers.Prefer.seconds * 1_000;
        const isOpen = known.stripe !== null && accountStatus(accountFactsOf(known.stripe)) !== 'rejected';
        return accounts.command({ adopted, isOpen }, command, messageOf(envelope, fields), waitMs);
      });
      return accountReply(backend, answer, { envelope, wait: headers.Prefer }, 200);
    },
  });
}

/** What an account's workflow starts with where it has none yet. */
function adoption(
  { livemode, policy }: Backend,
  { reference, stripe }: KnownAccount,
  cause: CommandEnvelope,
) {
  return {
    reference,
    livemode,
    policy: { retryBudgetMs: policy.retryBudgetMs },
    origin: { kind: 'adopt', account: stripe?.id ?? reference },
    mayBeKnown: true,
    begin: { ...cause, commandId: `adopt-${cause.commandId}` },
  } as const;
}
