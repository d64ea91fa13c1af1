import type { z } from 'zod';
import type { AccountCommandBody } from '../../domain/accounts/account-commands.ts';
import type { CommandEnvelope } from '../../domain/commands/commands.ts';
import type { Role } from '../../domain/commands/role.ts';
import type { Backend } from '../backend/backend.ts';
import type { KnownAccount } from '../backend/known-account.ts';
import { findAccount } from '../backend/known-account.ts';
import { commandReply } from '../commands/command-reply.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { commandHeaders } from '../http/headers.ts';
import { digestOf, secretEnvelopeOf } from '../http/idempotency.ts';
import { accountParams } from '../http/params.ts';
import { accountResource } from './account-schema.ts';
import { AccountTokens } from './account-tokens.ts';
import { accountResponse } from './account-view.ts';

interface AccountCommandRoute<Body extends z.ZodObject> {
  readonly path: `/v1/accounts/{id}${string}`;
  readonly role: Role;
  readonly summary: string;
  readonly body: Body;
  /** The body as a command, its identity data and bank numbers turned into tokens. */
  command(body: z.output<Body>, tokens: AccountTokens): AccountCommandBody | Promise<AccountCommandBody>;
}

/** The endpoint of one of an account's commands. */
export function accountCommand<Body extends z.ZodObject>(
  backend: Backend,
  route: AccountCommandRoute<Body>,
): Endpoint {
  const { accounts, inFlight, tokenMaker, stateSecret } = backend;
  return endpoint({
    method: 'post',
    path: route.path,
    role: route.role,
    tag: 'Accounts',
    summary: route.summary,
    params: accountParams,
    headers: commandHeaders,
    body: route.body,
    responses: {
      200: { description: 'Done.', schema: accountResource },
      202: { description: 'Still on its way, or waiting for an operator.', schema: accountResource },
    },
    async handle(request) {
      const { params, headers } = request;
      const known = await findAccount(backend, params.id);
      const digest = digestOf(request, 'accounts', known.reference);
      const envelope = secretEnvelopeOf(request, route.path, digest, stateSecret);
      const outcome = await inFlight.run(envelope, async () => {
        const command = await route.command(request.body, new AccountTokens(tokenMaker, digest));
        const adopted = adoption(backend, known, envelope);
        return accounts.command(adopted, envelope, command, headers.Prefer.seconds * 1_000);
      });
      const response = await accountResponse(backend, outcome, 200);
      return commandReply(outcome, envelope, headers.Prefer, () => response);
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
    begin: { ...cause, commandId: `adopt-${cause.commandId}` },
  } as const;
}
