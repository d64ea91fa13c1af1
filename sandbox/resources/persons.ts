import type { Context } from '../core/context.ts';
import { namesOfFacts, savePerson, spendEntityToken } from '../flows/account-changes.ts';
import { saveAccount, withAnswers } from '../flows/accounts.ts';
import { emit } from '../flows/events.ts';
import { TEST_PERSON } from '../flows/identity.ts';
import { noSuch } from '../http/errors.ts';
import { filtered, listPage, pageShape } from '../http/pagination.ts';
import type { Parsed } from '../http/params.ts';
import { boolean, hash, optional, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Account, Person, PersonFacts } from '../objects/accounts.ts';
import { view } from '../views/index.ts';
import { findAccount } from './accounts.ts';
import { personFacts, personShape } from './person-params.ts';

const shape = { ...personShape, person_token: optional(text) };

function findPerson(ctx: Context, account: Account, id: string): Person {
  const person = ctx.tx.get('person', id);
  if (person?.account !== account.id) throw noSuch('person', id, 'person', 404);
  return person;
}

function factsOf(ctx: Context, { person_token, ...params }: Parsed<typeof shape>): PersonFacts {
  const told = personFacts(params);
  return person_token === undefined
    ? told
    : { ...spendEntityToken(ctx, person_token, 'person', 'person_token'), ...told };
}

/** The people are known: what the account owes follows from them. */
function keep(ctx: Context, account: Account, before: Person | undefined, facts: PersonFacts): Person {
  const person = savePerson(ctx, before, account, facts);
  const prefixes = [person.id, ...(person.sandbox.individual ? ['individual'] : [])];
  const given = prefixes.flatMap((prefix) => namesOfFacts(facts, `${prefix}.`));
  saveAccount(ctx, withAnswers(account, given));
  return ctx.tx.must('person', person.id);
}

/** A Custom account's person without a name is taken as one whose particulars are on file, as recorded. */
function withTestParticulars({ type }: Account, facts: PersonFacts): PersonFacts {
  const named = facts.first_name ?? facts.last_name ?? facts.dob ?? facts.email;
  return type === 'custom' && named === undefined ? { ...TEST_PERSON, ...facts } : facts;
}

const create = route('POST', '/v1/accounts/:account/persons', shape, (ctx, params, ids) => {
  const account = findAccount(ctx, ids.account);
  const facts = withTestParticulars(account, factsOf(ctx, params));
  return view(ctx, 'person', keep(ctx, account, undefined, facts));
});

const retrieve = route('GET', '/v1/accounts/:account/persons/:person', {}, (ctx, _params, ids) =>
  view(ctx, 'person', findPerson(ctx, findAccount(ctx, ids.account), ids.person)),
);

const update = route('POST', '/v1/accounts/:account/persons/:person', shape, (ctx, params, ids) => {
  const account = findAccount(ctx, ids.account);
  const before = findPerson(ctx, account, ids.person);
  return view(ctx, 'person', keep(ctx, account, before, factsOf(ctx, params)));
});

const remove = route('DELETE', '/v1/accounts/:account/persons/:person', {}, (ctx, _params, ids) => {
  const account = findAccount(ctx, ids.account);
  const person = findPerson(ctx, account, ids.person);
  ctx.tx.delete('person', person.id);
  emit(ctx, 'person.deleted', 'person', person, account.id);
  saveAccount(ctx, account);
  return { id: person.id, object: 'person', deleted: true };
});

const ROLES = ['authorizer', 'director', 'executive', 'legal_guardian', 'owner', 'representative'] as const;

const roleFilter = hash(
  Object.fromEntries(ROLES.map((role) => [role, optional(boolean)])) as {
    [R in (typeof ROLES)[number]]: ReturnType<typeof optional<boolean>>;
  },
);

const list = route(
  'GET',
  '/v1/accounts/:account/persons',
  { ...pageShape, relationship: optional(roleFilter) },
  (ctx, params, ids) => {
    const { id } = findAccount(ctx, ids.account);
    const asked = params.relationship;
    const kept = filtered(
      ctx.tx.where('person', 'account', id),
      ({ relationship }) =>
        asked === undefined ||
        ROLES.every((role) => asked[role] === undefined || relationship[role] === asked[role]),
    );
    return listPage(ctx, 'person', kept, params, `/v1/accounts/${id}/persons`);
  },
);

export const personRoutes = [create, retrieve, update, remove, list];
