import Stripe from 'stripe';
import type { AccountChanges } from '../../domain/accounts/account-terms.ts';
import { problem } from '../../domain/errors.ts';
import { directIdempotencyKey } from '../../domain/ids.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { classify } from '../../stripe/errors.ts';
import { problemOfKey } from '../http/stripe-problems.ts';
import type { CreateAccountBody, UpdateAccountBody } from './account-commands-schema.ts';
import type { ExternalAccountInput } from './identity-schema.ts';

type TokenKind = 'account' | 'person' | 'bank_account';

/**
 * Turns what must not be kept into tokens of Stripe's, before anything durable sees it. Under keys of the request's own
 * digest: a repeat of the request gets the same tokens.
 */
export class AccountTokens {
  readonly #stripe: Stripe;
  readonly #digest: string;

  constructor(stripe: Stripe, digest: string) {
    this.#stripe = stripe;
    this.#digest = digest;
  }

  /** The parts of a body that say who is behind an account, as changes that a workflow may hold. */
  async changes(body: CreateAccountBody | UpdateAccountBody): Promise<AccountChanges> {
    const { individual, company, business_type, tos_shown_and_accepted, external_account } = body;
    const isIdentity = (individual ?? company ?? tos_shown_and_accepted) !== undefined;
    const accountToken = isIdentity
      ? await this.#make('account', { business_type, individual, company, tos_shown_and_accepted })
      : body.account_token;
    return {
      ...(accountToken === undefined ? {} : { accountToken }),
      ...(isIdentity || business_type === undefined ? {} : { businessType: business_type }),
      ...(external_account === undefined
        ? {}
        : { externalAccount: await this.externalAccount(external_account) }),
    };
  }

  /** A token of somewhere to be paid out to. */
  async externalAccount(given: ExternalAccountInput): Promise<string> {
    if (typeof given === 'string') return given;
    const { object: _, ...bank } = given;
    return this.#make('bank_account', bank);
  }

  person(person: object): Promise<string> {
    return this.#make('person', person);
  }

  async #make(kind: TokenKind, data: object): Promise<string> {
    const idempotencyKey = directIdempotencyKey(`token:${kind}`, this.#digest);
    // Checked by our own schema; Stripe's types know no `undefined` beside absence.
    const params = { [kind]: data } as Stripe.TokenCreateParams;
    try {
      return (await this.#stripe.tokens.create(params, { idempotencyKey })).id;
    } catch (error) {
      throw new ProblemError(refusalOfToken(error, kind));
    }
  }
}

/** Stripe's own message may quote what was given, so the answer contains only its code and the name of the field. */
function refusalOfToken(error: unknown, kind: TokenKind) {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const { retryClass, failure } = classify(error);
  const stripeRequestId = failure.stripeRequestId ?? undefined;
  const extra = { stripeCode: failure.code, ...(stripeRequestId ? { stripeRequestId } : {}) };
  const ofKey = problemOfKey(error);
  if (ofKey) return ofKey;
  if (retryClass !== 'refused' && retryClass !== 'declined') {
    return problem('unavailable', 'Stripe cannot tokenize this data now. Try again.', extra);
  }
  const param = paramOf(error.param, kind);
  const about = param === null ? 'this data' : param;
  return problem('stripe_refused', `Stripe does not accept ${about} (${failure.code}).`, {
    ...extra,
    ...(param === null ? {} : { param }),
  });
}

/** By the names of our own body; a name that Stripe made out of what was given is not repeated. */
function paramOf(param: string | undefined, kind: TokenKind): string | null {
  if (!param || !/^[a-z0-9_]+(\[[a-z0-9_]+\])*$/.test(param)) return null;
  const inner = param.replace(/^(account|person|bank_account)\[([a-z0-9_]+)\]/, '$2');
  return kind === 'bank_account' ? `external_account[${inner}]` : inner;
}
