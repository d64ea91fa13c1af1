import type { Context } from '../core/context.ts';
import { invalid, noSuch } from '../http/errors.ts';
import type { Account, AccountFacts, CompanyFacts, Person, PersonFacts } from '../objects/accounts.ts';
import { emit } from './events.ts';
import { tokenUsed } from './external-accounts.ts';
import { newPerson, withCompanyFacts, withFacts } from './identity.ts';

/** Keeps a person with the new data; without one before, a new one. */
export function savePerson(ctx: Context, before: Person | undefined, account: Account, facts: PersonFacts) {
  const base =
    before ?? newPerson({ id: ctx.ids.owned('person', account.id), account: account.id, created: ctx.now });
  const person = withFacts(base, facts);
  const { metadata } = facts;
  const kept =
    metadata === undefined
      ? person.metadata
      : Object.fromEntries(
          Object.entries({ ...(metadata === null ? {} : person.metadata), ...metadata }).filter(
            ([, value]) => value !== '',
          ),
        );
  const type = ctx.tx.get('person', person.id) ? 'person.updated' : 'person.created';
  const saved = ctx.tx.put('person', { ...person, metadata: kept });
  emit(ctx, type, 'person', saved, account.id);
  return saved;
}

function individualOf(ctx: Context, account: string): Person | undefined {
  return [...ctx.tx.where('person', 'account', account)].find(({ sandbox }) => sandbox.individual);
}

/** The data of the person whose account it is. The account must have been kept before its people. */
export function saveIndividual(ctx: Context, account: Account, facts: PersonFacts): void {
  const before =
    individualOf(ctx, account.id) ??
    newPerson({ id: ctx.ids.owned('person', account.id), account: account.id, created: ctx.now });
  savePerson(ctx, { ...before, sandbox: { ...before.sandbox, individual: true } }, account, facts);
}

/** Who is behind an account, as far as it was submitted now. The numbers were removed before. */
export function withEntity(
  ctx: Context,
  account: Account,
  facts: { business_type?: string | undefined; company?: CompanyFacts; individual?: PersonFacts },
): Account {
  const changed: Account = {
    ...account,
    business_type: facts.business_type ?? account.business_type,
    company: facts.company ? withCompanyFacts(account.company, facts.company) : account.company,
  };
  if (facts.individual) {
    ctx.tx.put('account', changed);
    saveIndividual(ctx, changed, facts.individual);
  }
  return changed;
}

/** An account or person token, taken once. */
export function spendEntityToken(ctx: Context, id: string, type: 'account', param: string): AccountFacts;
export function spendEntityToken(ctx: Context, id: string, type: 'person', param: string): PersonFacts;
export function spendEntityToken(
  ctx: Context,
  id: string,
  type: 'account' | 'person',
  param: string,
): AccountFacts | PersonFacts {
  const token = ctx.tx.get('token', id);
  const facts = token?.owner === ctx.account ? token[type] : null;
  if (!token || !facts) {
    if (token) throw invalid(`The token ${id} is not a token of type ${type}.`, param);
    throw noSuch('token', id, param);
  }
  if (token.used) throw tokenUsed(id, param);
  ctx.tx.update('token', id, { used: true });
  return facts;
}

/** Names, in the words of requirements, for everything that an account token says. */
export function namesOfFacts(facts: object, prefix = ''): string[] {
  const renamed: Record<string, string> = {
    document: 'verification.document',
    idNumber: 'id_number',
    ssnLast4: 'ssn_last_4',
    taxId: 'tax_id',
    tosAccepted: 'tos_acceptance',
  };
  return Object.entries(facts).flatMap(([key, value]) => {
    if (value === undefined || value === null) return [];
    const name = `${prefix}${renamed[key] ?? key}`;
    if (name === 'tos_acceptance') return ['tos_acceptance.date', 'tos_acceptance.ip'];
    return typeof value === 'object' ? namesOfFacts(value, `${name}.`) : [name];
  });
}
