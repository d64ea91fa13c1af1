import type { Context } from '../core/context.ts';
import type { Account, Controller, Person } from '../objects/accounts.ts';
import { capabilityView } from '../views/accounts.ts';
import { changes, emit, emitObject } from './events.ts';
import { matchOfCompany, matchOfPerson, newPerson } from './identity.ts';
import { schedulePayout } from './payout-schedule.ts';
import { assess, NOTHING_DUE } from './requirements.ts';

const CURRENCY_OF: Record<string, string> = {
  AU: 'aud',
  BR: 'brl',
  CA: 'cad',
  CH: 'chf',
  CZ: 'czk',
  DK: 'dkk',
  GB: 'gbp',
  HK: 'hkd',
  IN: 'inr',
  JP: 'jpy',
  MX: 'mxn',
  NO: 'nok',
  NZ: 'nzd',
  PL: 'pln',
  SE: 'sek',
  SG: 'sgd',
  US: 'usd',
};

/** Every other country of the sandbox's world pays in euros. */
function homeCurrency(country: string): string {
  return Object.hasOwn(CURRENCY_OF, country) ? String(CURRENCY_OF[country]) : 'eur';
}

const SHORT_DELAY_DAYS = 2;
const LONG_DELAY_DAYS = 7;
const FAST_COUNTRIES = new Set(['AU', 'US']);

function defaultDelayDays(country: string): number {
  return FAST_COUNTRIES.has(country) ? SHORT_DELAY_DAYS : LONG_DELAY_DAYS;
}

export const CONTROLLERS: Record<'custom' | 'express' | 'standard', Controller> = {
  custom: {
    fees: { payer: 'application_custom' },
    losses: { payments: 'application' },
    requirement_collection: 'application',
    stripe_dashboard: { type: 'none' },
  },
  express: {
    fees: { payer: 'application_express' },
    losses: { payments: 'application' },
    requirement_collection: 'stripe',
    stripe_dashboard: { type: 'express' },
  },
  standard: {
    fees: { payer: 'account' },
    losses: { payments: 'stripe' },
    requirement_collection: 'stripe',
    stripe_dashboard: { type: 'full' },
  },
};

type NewAccount = Partial<Omit<Account, 'sandbox'>> &
  Pick<Account, 'id' | 'country' | 'created' | 'type'> & { sandbox?: Partial<Account['sandbox']> };

/** Before it has any data; `assessed` says what it owes. */
export function newAccount({ sandbox, ...fields }: NewAccount): Account {
  const kind = fields.type === 'none' ? 'custom' : fields.type;
  return {
    owner: fields.id,
    business_profile: {},
    business_type: null,
    capabilities: {},
    charges_enabled: false,
    company: null,
    controller: CONTROLLERS[kind],
    default_currency: homeCurrency(fields.country),
    deleted: false,
    details_submitted: false,
    email: null,
    external_accounts: [],
    metadata: {},
    payouts_enabled: false,
    requirements: NOTHING_DUE,
    settings: {
      debit_negative_balances: fields.type !== 'custom',
      payout_statement_descriptor: null,
      schedule: { delay_days: defaultDelayDays(fields.country), interval: 'daily' },
      statement_descriptor: null,
      statement_descriptor_prefix: null,
    },
    tos_acceptance: { date: null, ip: null, user_agent: null },
    ...fields,
    sandbox: {
      disconnected: false,
      enabled: false,
      forced: { capabilities: {}, requirements: {} },
      known: false,
      rejected: null,
      requested: {},
      required: [],
      ...sandbox,
    },
  };
}

/** Stands for a person who is not named yet. */
const nobody = (account: Account): Person =>
  newPerson({ id: 'nobody', account: account.id, created: account.created });

/** The account with what follows from all that is known of it at this moment. */
export function assessed(account: Account, people: readonly Person[], now: number): Account {
  const { capabilities, requirements } = assess(account, people, nobody(account), now);
  const isActive = (name: string): boolean => capabilities[name] === 'active';
  const hasBank = account.external_accounts.length > 0;
  const told = !requirements.currently_due.some((field) => field !== 'external_account');
  return {
    ...account,
    capabilities,
    charges_enabled: isActive('card_payments') || isActive('transfers'),
    details_submitted:
      account.details_submitted || (account.controller.requirement_collection === 'application' && told),
    payouts_enabled:
      hasBank && requirements.past_due.length === 0 && Object.keys(capabilities).some(isActive),
    requirements,
  };
}

export function peopleOf(ctx: Context, account: string): Person[] {
  return [...ctx.tx.where('person', 'account', account)];
}

/** Keeps an account with all that follows: its state, the checks and deadlines to come, the events. */
export function saveAccount(ctx: Context, changed: Account): Account {
  const before = ctx.tx.get('account', changed.id);
  const account = ctx.tx.put('account', assessed(changed, peopleOf(ctx, changed.id), ctx.now));
  const { toVerify } = assess(account, peopleOf(ctx, account.id), nobody(account), ctx.now);
  if (toVerify) {
    if (isImmediate(ctx, account)) return verify(ctx, account);
    ctx.tx.put('job', {
      id: `verify ${account.id}`,
      dueMs: ctx.nowMs + ctx.settings.verification_seconds * 1000,
      kind: 'verify_account',
      subject: account.id,
    });
  }
  const deadline = account.requirements.current_deadline;
  if (deadline !== null) {
    const id = `deadline ${account.id} ${deadline}`;
    ctx.tx.put('job', { id, dueMs: deadline * 1000, kind: 'pass_deadline', subject: account.id });
  }
  if (account.payouts_enabled) schedulePayout(ctx, account.id);
  announce(ctx, account, before);
  return account;
}

function announce(ctx: Context, account: Account, before: Account | undefined): void {
  emit(ctx, 'account.updated', 'account', account, account.id);
  for (const [name, status] of Object.entries(account.capabilities)) {
    if (before?.capabilities[name] === status) continue;
    const now = capabilityView(account, name);
    const previous = before && changes(capabilityView(before, name), now);
    emitObject(ctx, 'capability.updated', now, account.id, previous);
  }
}

/** In the US an identity is looked up, which takes a moment; elsewhere, and for Stripe's test values, at once. */
function isImmediate(ctx: Context, account: Account): boolean {
  if (account.country !== 'US') return true;
  const matches = peopleOf(ctx, account.id)
    .filter(({ sandbox }) => sandbox.check === 'open')
    .map(matchOfPerson);
  if (account.company?.sandbox.check === 'open') matches.push(matchOfCompany(account.company));
  return matches.length > 0 && matches.every((match) => match === 'immediate');
}

/** The verdict on everyone who is still open, and on whatever was handed in since. */
function verify(ctx: Context, account: Account): Account {
  let failed = false;
  for (const person of peopleOf(ctx, account.id)) {
    if (person.sandbox.check !== 'open') continue;
    const check = matchOfPerson(person) === 'no_match' ? 'failed' : 'passed';
    failed ||= check === 'failed';
    const checked = ctx.tx.put('person', { ...person, sandbox: { ...person.sandbox, check } });
    emit(ctx, 'person.updated', 'person', checked, account.id);
  }
  let { company } = account;
  if (company?.sandbox.check === 'open') {
    const check = matchOfCompany(company) === 'no_match' ? 'failed' : 'passed';
    failed ||= check === 'failed';
    company = { ...company, sandbox: { ...company.sandbox, check } };
  }
  const required = account.sandbox.required.filter(({ answered }) => !answered);
  return saveAccount(ctx, {
    ...account,
    company,
    sandbox: { ...account.sandbox, required, enabled: !failed },
  });
}

/** Runs when the time of a verification has come. */
export function verifyLater(ctx: Context, accountId: string): void {
  const account = ctx.tx.must('account', accountId);
  const { toVerify } = assess(account, peopleOf(ctx, accountId), nobody(account), ctx.now);
  if (toVerify && !account.deleted) verify(ctx, account);
}

/** What was due at this moment and is not there stops the account until it is. */
export function passDeadline(ctx: Context, accountId: string): void {
  const account = ctx.tx.must('account', accountId);
  if (account.deleted) return;
  const late = account.sandbox.required.some(
    ({ answered, deadline, field }) =>
      !answered && deadline !== null && deadline <= ctx.now && field !== 'external_account',
  );
  saveAccount(ctx, late ? { ...account, sandbox: { ...account.sandbox, enabled: false } } : account);
}

/** `given` names what the account submitted now. What was required and is among it waits for verification. */
export function withAnswers(account: Account, given: readonly string[]): Account {
  const required = account.sandbox.required.map((one) =>
    given.some((name) => name === one.field || name.startsWith(`${one.field}.`))
      ? { ...one, answered: true }
      : one,
  );
  return { ...account, sandbox: { ...account.sandbox, required } };
}
