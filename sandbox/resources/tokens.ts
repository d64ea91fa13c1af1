import type { Context } from '../core/context.ts';
import { bankAccountParams, readBankAccount } from '../flows/external-accounts.ts';
import { matchOfNumber } from '../flows/identity.ts';
import { readCard } from '../flows/methods.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { anything, boolean, either, hash, integer, isText, oneOf, optional, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Token } from '../objects/customers.ts';
import { view } from '../views/index.ts';
import { companyFacts, companyParams, individualParams, personFacts, personShape } from './person-params.ts';

const createShape = {
  account: optional(
    hash({
      business_type: optional(oneOf('company', 'government_entity', 'individual', 'non_profit')),
      company: optional(companyParams),
      individual: optional(individualParams),
      tos_shown_and_accepted: optional(boolean),
    }),
  ),
  bank_account: optional(bankAccountParams),
  card: optional(
    either(
      isText,
      text,
      hash({
        address_city: optional(text),
        address_country: optional(text),
        address_line1: optional(text),
        address_line2: optional(text),
        address_state: optional(text),
        address_zip: optional(text),
        currency: optional(text),
        cvc: optional(text),
        exp_month: optional(integer),
        exp_year: optional(integer),
        name: optional(text),
        networks: optional(anything),
        number: optional(text),
      }),
    ),
  ),
  customer: optional(text),
  person: optional(hash(personShape)),
  pii: optional(hash({ id_number: optional(text) })),
};

const PREFIXES: Record<Token['type'], string> = {
  account: 'ct',
  bank_account: 'btok',
  card: 'tok',
  person: 'cpt',
  pii: 'pii',
};

/** What a token stands for is kept without its numbers: of those only what they prove, or how they end. */
function keep(ctx: Context, type: Token['type'], content: Partial<Token>): Record<string, unknown> {
  const token = ctx.tx.put('token', {
    id: ctx.ids.owned(PREFIXES[type], ctx.account),
    owner: ctx.account,
    account: null,
    bank_account: null,
    card: null,
    created: ctx.now,
    idNumber: null,
    person: null,
    type,
    used: false,
    ...content,
  });
  return view(ctx, 'token', token);
}

const create = route('POST', '/v1/tokens', createShape, (ctx, params) => {
  if (params.account) {
    const { business_type, company, individual, tos_shown_and_accepted } = params.account;
    return keep(ctx, 'account', {
      account: {
        ...(business_type === undefined ? {} : { business_type }),
        ...(company ? { company: companyFacts(company) } : {}),
        ...(individual ? { individual: personFacts(individual) } : {}),
        ...(tos_shown_and_accepted ? { tosAccepted: true } : {}),
      },
    });
  }
  if (params.person) return keep(ctx, 'person', { person: personFacts(params.person) });
  if (params.bank_account) {
    return keep(ctx, 'bank_account', {
      bank_account: readBankAccount(ctx, params.bank_account, 'bank_account'),
    });
  }
  if (params.pii) return keep(ctx, 'pii', { idNumber: matchOfNumber(params.pii.id_number ?? '') });
  if (params.card === undefined || typeof params.card === 'string') {
    throw invalid(
      'You must supply either a card, bank account, or personal identifiable information (PII) to create a token.',
    );
  }
  return keep(ctx, 'card', {
    card: {
      id: ctx.ids.owned('card', ctx.account),
      currency: params.card.currency ?? null,
      name: params.card.name ?? null,
      ...readCard(ctx, params.card, 'card'),
    },
  });
});

const retrieve = route('GET', '/v1/tokens/:token', {}, (ctx, _params, ids) => {
  const token = ctx.tx.get('token', ids.token);
  if (!token || token.owner !== ctx.account) throw noSuch('token', ids.token, 'token', 404);
  return view(ctx, 'token', token);
});

export const tokenRoutes = [create, retrieve];
