import type { Context } from '../core/context.ts';
import { bankAccountParams, readBankAccount } from '../flows/bank-accounts.ts';
import { readCard } from '../flows/methods.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { either, hash, integer, isText, optional, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Token } from '../objects/customers.ts';
import { view } from '../views/index.ts';

const createShape = {
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
        number: optional(text),
      }),
    ),
  ),
  customer: optional(text),
  pii: optional(hash({ id_number: optional(text) })),
};

function emptyToken(ctx: Context, type: Token['type']): Token {
  const prefix = type === 'bank_account' ? 'btok' : type === 'pii' ? 'pii' : 'tok';
  return {
    id: ctx.ids.owned(prefix, ctx.account),
    owner: ctx.account,
    bank_account: null,
    card: null,
    created: ctx.now,
    type,
    used: false,
  };
}

const create = route('POST', '/v1/tokens', createShape, (ctx, params) => {
  if (params.bank_account) {
    const bank_account = readBankAccount(ctx, params.bank_account, 'bank_account');
    return view(ctx, 'token', ctx.tx.put('token', { ...emptyToken(ctx, 'bank_account'), bank_account }));
  }
  // The number itself is not kept: a token only stands for having been told it.
  if (params.pii) return view(ctx, 'token', ctx.tx.put('token', emptyToken(ctx, 'pii')));
  if (params.card === undefined || typeof params.card === 'string') {
    throw invalid(
      'You must supply either a card, bank account, or personal identifiable information (PII) to create a token.',
    );
  }
  const card = {
    id: ctx.ids.owned('card', ctx.account),
    name: params.card.name ?? null,
    ...readCard(ctx, params.card, 'card'),
  };
  return view(ctx, 'token', ctx.tx.put('token', { ...emptyToken(ctx, 'card'), card }));
});

const retrieve = route('GET', '/v1/tokens/:token', {}, (ctx, _params, ids) => {
  const token = ctx.tx.get('token', ids.token);
  if (!token || token.owner !== ctx.account) throw noSuch('token', ids.token, 'token', 404);
  return view(ctx, 'token', token);
});

export const tokenRoutes = [create, retrieve];
