import type { CommandAnswer } from '../../contract/command-messages.ts';
import type { Account } from '../../domain/accounts/account.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import type { Backend } from '../backend/backend.ts';
import { refusalIn } from '../backend/refusal-in.ts';
import { envelopeOf } from '../http/idempotency.ts';
import { commandDigest } from '../http/request-identity.ts';
import type { OAuthState } from './oauth-state.ts';

const WAIT_MS = 10_000;

/**
 * Exchanges the code in a workflow, so that no lost answer loses the account. The state counts once: its reference is the
 * workflow's id, and another code for it is refused; the same one, as when a page is loaded again, gets the first answer.
 */
export async function connectByCode(
  backend: Backend,
  state: OAuthState,
  code: string,
  requestId: string,
): Promise<{ account: string | null; status: 'connected' | 'pending' }> {
  const command = connectCommand(state, code, requestId);
  const outcome = await connectAccount(backend, state.reference, code, command).catch((error: unknown) => {
    throw usedState(error);
  });
  if (outcome.result.outcome === 'refused') {
    throw new ProblemError(
      outcome.result.problem ?? problem('stripe_refused', 'Stripe did not accept the authorization.'),
    );
  }
  const account = outcome.state.facts?.id ?? null;
  return { account, status: account === null ? 'pending' : 'connected' };
}

export function connectCommand(
  { caller, nonce, reference }: Pick<OAuthState, 'caller' | 'nonce' | 'reference'>,
  code: string,
  requestId: string,
): CommandEnvelope {
  const request = { requestId, actor: caller, perDay: undefined, given: { nonce, code } };
  const digest = commandDigest([caller, 'oauth', nonce], code);
  return envelopeOf(request, 'connect_account', digest, { account_id: reference });
}

export async function connectAccount(
  { accounts, livemode, policy, stripe }: Pick<Backend, 'accounts' | 'livemode' | 'policy' | 'stripe'>,
  reference: string,
  code: string,
  begin: CommandEnvelope,
): Promise<CommandAnswer<Account>> {
  const { data } = await stripe.accounts.list({ limit: 1 }, STRIPE_READ);
  const origin = { kind: 'connect', code, newestBefore: data[0]?.id ?? null } as const;
  const { retryBudgetMs } = policy;
  const input = { reference, livemode, policy: { retryBudgetMs }, origin, begin, mayBeKnown: true } as const;
  return accounts.begin(input, WAIT_MS);
}

function usedState(error: unknown): unknown {
  if (refusalIn(error)?.code !== 'account_exists') return error;
  return new ProblemError(
    problem('state_conflict', 'This state was used before: start again with GET /v1/oauth/authorize.', {
      param: 'state',
    }),
  );
}
