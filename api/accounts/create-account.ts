import { accountReferenceFromDigest } from '../../domain/ids.ts';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { commandHeaders } from '../http/headers.ts';
import { digestOf, secretEnvelopeOf } from '../http/idempotency.ts';
import { createAccountBody } from './account-commands-schema.ts';
import { accountResource } from './account-schema.ts';
import { accountTerms } from './account-terms.ts';
import { AccountTokens } from './account-tokens.ts';
import { accountReply } from './account-view.ts';

export function createAccount(backend: Backend): Endpoint {
  const { accounts, inFlight, livemode, policy, tokenMaker, stateSecret } = backend;
  return endpoint({
    method: 'post',
    name: 'accounts.create',
    path: '/v1/accounts',
    role: 'service',
    tag: 'Accounts',
    summary: 'Create a connected account; identity data and bank numbers become Stripe tokens at once',
    starts: true,
    headers: commandHeaders,
    body: createAccountBody,
    responses: {
      201: { description: 'Made. `status` and `requirements` say what is missing.', schema: accountResource },
      202: { description: 'Still on its way, or waiting for an operator.', schema: accountResource },
    },
    async handle(request) {
      const { body, headers } = request;
      const digest = digestOf(request, 'accounts');
      const begin = secretEnvelopeOf(request, 'create_account', digest, stateSecret);
      const reference = body.id ?? accountReferenceFromDigest(digest);
      const answer = await inFlight.run(begin, async () => {
        const terms = accountTerms(body, await new AccountTokens(tokenMaker, digest).changes(body));
        const origin = { kind: 'create', terms } as const;
        const { retryBudgetMs } = policy;
        return accounts.begin(
          { reference, livemode, policy: { retryBudgetMs }, origin, begin },
          headers.Prefer.seconds * 1_000,
        );
      });
      return accountReply(backend, answer, { envelope: begin, wait: headers.Prefer }, 201);
    },
  });
}
