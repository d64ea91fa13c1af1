import { problem } from '../../domain/errors.ts';
import { accountReferenceFromDigest } from '../../domain/ids.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { rfc3339 } from '../../domain/rfc3339.ts';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint, Reply } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { problemReply } from '../http/problems.ts';
import { brokenRuleOfUrl, refusePlainHttp } from '../http/web-url.ts';
import { connectByCode } from './oauth-connection.ts';
import { authorizationResource, authorizeQuery, callbackQuery, connectionResource } from './oauth-schema.ts';
import type { OAuthState } from './oauth-state.ts';
import { newOAuthState, signState, verifyState } from './oauth-state.ts';

export function oauthAuthorize({ oauth, stateSecret, events }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'oauth.authorize',
    path: '/v1/oauth/authorize',
    role: 'service',
    tag: 'Accounts',
    summary: 'Start to connect a Standard account: where to send its owner',
    query: authorizeQuery,
    responses: { 200: { description: 'Where to send the owner, once.', schema: authorizationResource } },
    async handle({ actor, query, requestId }) {
      if (oauth.clientId === null) {
        throw new ProblemError(
          problem('not_found', 'Standard accounts cannot be connected here: STRIPE_CLIENT_ID is not set.'),
        );
      }
      refusePlainHttp({ return_url: query.return_url, redirect_uri: query.redirect_uri }, events);
      const reference = query.id ?? accountReferenceFromDigest(requestId.replace(/^req_/, ''));
      const about = { caller: actor, reference, returnUrl: query.return_url ?? null };
      const state = newOAuthState(about, Date.now());
      const url = new URL('/oauth/authorize', oauth.connectBase);
      url.search = new URLSearchParams({
        response_type: 'code',
        client_id: oauth.clientId,
        scope: 'read_write',
        state: signState(state, stateSecret),
        redirect_uri: query.redirect_uri,
      }).toString();
      const body = {
        object: 'oauth_authorization',
        url: url.toString(),
        reference,
        expires_at: rfc3339(state.expiresAt),
      };
      return { status: 200, body };
    },
  });
}

export function oauthCallback(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'oauth.callback',
    path: '/v1/oauth/callback',
    role: 'open',
    tag: 'Accounts',
    summary: 'Where Stripe sends an account’s owner back to; connects the account',
    query: callbackQuery,
    responses: {
      200: { description: 'Connected.', schema: connectionResource },
      202: { description: 'Being connected.', schema: connectionResource },
      303: { description: 'To the return_url that was given, with `account` or `error`.', located: true },
    },
    async handle({ query, requestId }) {
      const state = checkedState(query.state, backend);
      try {
        if (query.error !== undefined || query.code === undefined) {
          const why = query.error === 'access_denied' ? 'declined to connect it' : 'did not connect it';
          throw new ProblemError(problem('access_denied', `The account’s owner ${why}.`));
        }
        const { account, status } = await connectByCode(backend, state, query.code, requestId);
        const body = { object: 'oauth_connection', account, reference: state.reference, status };
        if (state.returnUrl === null) return { status: status === 'connected' ? 200 : 202, body };
        return seeOther(state.returnUrl, { reference: state.reference, ...(account ? { account } : {}) });
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        if (state.returnUrl === null) return problemReply(error.problem, { requestId });
        return seeOther(state.returnUrl, { reference: state.reference, error: error.problem.code });
      }
    },
  });
}

/** Whoever does not come with our own, unexpired signature is not sent anywhere. */
function checkedState(signed: string, { stateSecret, events }: Backend): OAuthState {
  const state = verifyState(signed, stateSecret);
  if (state === null) {
    throw new ProblemError(
      problem('invalid_request', 'state was not issued by this API, or was changed on the way.', {
        param: 'state',
      }),
    );
  }
  if (state.expiresAt <= Date.now()) {
    throw new ProblemError(
      problem('invalid_request', 'state has expired: start again with GET /v1/oauth/authorize.', {
        param: 'state',
      }),
    );
  }
  // Another process may have signed it, under other rules: the browser goes where today's rule lets it.
  const broken = state.returnUrl === null ? null : brokenRuleOfUrl(state.returnUrl, events.allowLoopback);
  if (broken) {
    throw new ProblemError(
      problem('invalid_request', `state has a return_url that ${broken}.`, { param: 'state' }),
    );
  }
  return state;
}

function seeOther(base: string, params: Readonly<Record<string, string>>): Reply {
  const url = new URL(base);
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  const { error: code, ...outcome } = params;
  return {
    status: 303,
    headers: { Location: url.toString() },
    body: '',
    contentType: 'text/plain',
    outcome: { ...outcome, ...(code === undefined ? {} : { code }) },
  };
}
