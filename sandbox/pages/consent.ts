import type { World } from '../control/world.ts';
import { grant, openStandardAccount } from '../flows/oauth.ts';
import type { Answer } from '../http/answers.ts';
import type { Account } from '../objects/accounts.ts';
import { applicationId } from '../views/payments.ts';
import { errorSummary, type FormField, type FormState, fieldHtml } from './form.ts';
import { escapeHtml, htmlPage, seeOther } from './html.ts';
import type { Page, PageRequest } from './page.ts';

const PATH = '/oauth/authorize';

const SCOPES = ['read_only', 'read_write'];
const COUNTRY = /^[A-Z]{2}$/;

interface Asked {
  redirectUri: string;
  scope: string;
  state: string | null;
}

function refused(message: string): Answer {
  return htmlPage('This link does not work', `<p>${escapeHtml(message)}</p>`, 400);
}

/** Where to answer, or why nobody is answered: a wrong client or address must not be sent anything. */
function read({ query }: PageRequest): Asked | Answer {
  const redirectUri = query.get('redirect_uri') ?? '';
  if (query.get('client_id') !== applicationId) return refused('No application with this client id.');
  if (!URL.canParse(redirectUri) || !/^https?:$/.test(new URL(redirectUri).protocol)) {
    return refused('Invalid redirect URI.');
  }
  return { redirectUri, scope: query.get('scope') ?? 'read_only', state: query.get('state') };
}

function answerTo({ redirectUri, state }: Asked, params: Record<string, string>): Answer {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  if (state !== null) url.searchParams.set('state', state);
  return seeOther(url.href);
}

/** What is wrong with a request whose client and address are right: the platform learns it. */
function fault(asked: Asked, { query }: PageRequest): Answer | undefined {
  if ((query.get('response_type') ?? 'code') !== 'code') {
    return answerTo(asked, {
      error: 'unsupported_response_type',
      error_description: "Only 'code' is supported as response_type",
    });
  }
  if (SCOPES.includes(asked.scope)) return undefined;
  return answerTo(asked, { error: 'invalid_scope', error_description: 'Invalid scope provided' });
}

/** Accounts with a Stripe login of their own that are not connected to the platform, or no longer. */
function unconnected(world: World): Account[] {
  return [...world.store.rows('account')].filter(
    ({ type, deleted, sandbox }) => type === 'standard' && !deleted && sandbox.disconnected,
  );
}

const NEW = 'new';

function fields(world: World): FormField[] {
  const known = unconnected(world).map(
    ({ id, email, business_profile }) =>
      [id, `${String(business_profile.name ?? email ?? id)} (${id})`] as const,
  );
  return [
    { name: 'account', label: 'Stripe account', options: [[NEW, 'A new account'], ...known] },
    { name: 'email', label: 'Email', type: 'email', autocomplete: 'email', hint: 'Of a new account.' },
    { name: 'country', label: 'Country', hint: 'Of a new account: two letters, such as US.' },
    { name: 'business_name', label: 'Business name', optional: true },
  ];
}

function consentPage(world: World, scope: string, csrfField: string, state: FormState): Answer {
  const may = scope === 'read_write' ? 'read all your data and act for you' : 'read all your data';
  return htmlPage(
    'Waybill wants to connect to your Stripe account',
    `${errorSummary(state)}
<p>Waybill would be able to ${may}.</p>
<form method="post" novalidate>
${csrfField}
${fields(world)
  .map((field) => fieldHtml(field, state))
  .join('\n')}
<button class="main" name="action" value="connect">Connect my Stripe account</button>
<button name="action" value="deny">Deny</button>
</form>`,
  );
}

/** Filled in from `stripe_user[...]`, what the platform knows of whom it sends. */
function ask(world: World, request: PageRequest): Answer {
  const asked = read(request);
  if ('body' in asked) return asked;
  const { query } = request;
  const values = {
    account: NEW,
    email: query.get('stripe_user[email]') ?? '',
    country: query.get('stripe_user[country]') ?? world.settings.platformCountry,
    business_name: query.get('stripe_user[business_name]') ?? '',
  };
  return fault(asked, request) ?? consentPage(world, asked.scope, request.csrfField, { values, errors: {} });
}

function decide(world: World, request: PageRequest): Answer {
  const asked = read(request);
  if ('body' in asked) return asked;
  const wrong = fault(asked, request);
  if (wrong) return wrong;
  const values = Object.fromEntries(request.form);
  if (values.action !== 'connect') {
    return answerTo(asked, {
      error: 'access_denied',
      error_description: 'The user denied your request',
    });
  }
  const existing = unconnected(world).find(({ id }) => id === values.account);
  const country = (values.country ?? '').toUpperCase();
  const errors: Record<string, string> = {};
  if (!existing && !values.email) errors.email = 'Email is missing.';
  if (!existing && !COUNTRY.test(country)) errors.country = 'Country must be two letters.';
  if (Object.keys(errors).length > 0) {
    return consentPage(world, asked.scope, request.csrfField, { values, errors });
  }
  const { id } = world.transaction((ctx) => {
    const account =
      existing ??
      openStandardAccount(ctx, {
        country,
        email: values.email ?? null,
        name: values.business_name || null,
      });
    return grant(ctx, account.id, asked.scope);
  });
  return answerTo(asked, { code: id, scope: asked.scope });
}

export const consentPages: readonly Page[] = [
  { method: 'GET', path: PATH, show: ask },
  { method: 'POST', path: PATH, show: decide },
];
