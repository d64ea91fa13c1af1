import type {
  Account,
  CapabilityStatus,
  Company,
  Person,
  RequirementError,
  Requirements,
} from '../objects/accounts.ts';

export const NOTHING_DUE: Requirements = {
  current_deadline: null,
  currently_due: [],
  disabled_reason: null,
  errors: [],
  eventually_due: [],
  past_due: [],
  pending_verification: [],
};

/** Countries whose addresses name a state. */
const WITH_STATES = new Set(['AU', 'BR', 'CA', 'IN', 'MX', 'US']);

type Lacks = [field: string, missing: boolean][];

const missingOf = (fields: Lacks): string[] =>
  fields.filter(([, missing]) => missing).map(([field]) => field);

function addressLacks({ address }: Person | Company, country: string): Lacks {
  return [
    ['address.city', address.city === null],
    ['address.line1', address.line1 === null],
    ['address.postal_code', address.postal_code === null],
    ['address.state', address.state === null && WITH_STATES.has(country)],
  ];
}

function nameLacks({ email, first_name, last_name }: Person): Lacks {
  return [
    ['email', email === null],
    ['first_name', first_name === null],
    ['last_name', last_name === null],
  ];
}

function dobLacks({ dob }: Person): Lacks {
  return (['day', 'month', 'year'] as const).map((part) => [`dob.${part}`, dob[part] === null]);
}

/** Of whoever answers for the account: everything that says who they are. */
function identityLacks(person: Person, country: string): Lacks {
  const number = person.ssn_last_4_provided || person.id_number_provided;
  return [
    ...addressLacks(person, country),
    ...dobLacks(person),
    ...nameLacks(person),
    ['phone', person.phone === null],
    ['ssn_last_4', country === 'US' && !number],
  ];
}

/** Of whoever answers for it, while nothing is known of the account: in the US less than later (recorded of US, DE, GB and AU). */
function firstAsked(nobody: Person, country: string): Lacks {
  return country === 'US' ? [...dobLacks(nobody), ...nameLacks(nobody)] : identityLacks(nobody, country);
}

export interface Lacking {
  current: string[];
  eventual: string[];
}

/** What one person still owes, in the person's own words: without the prefix that the account gives them. */
export function personLacks(account: Account, person: Person): Lacking {
  if (account.sandbox.known) return { current: [], eventual: [] };
  if (person.sandbox.individual || person.relationship.representative) {
    const title: Lacks = person.sandbox.individual
      ? []
      : [['relationship.title', person.relationship.title === null]];
    return { current: missingOf([...identityLacks(person, account.country), ...title]), eventual: [] };
  }
  return {
    current: missingOf(nameLacks(person)),
    eventual: missingOf([...addressLacks(person, account.country), ...dobLacks(person)]),
  };
}

/** How the account's requirements call a person. */
function prefixOf(person: Person): string {
  return person.sandbox.individual ? 'individual' : person.id;
}

const prefixed = (prefix: string, fields: string[]): string[] => fields.map((field) => `${prefix}.${field}`);

function companyLacks(account: Account, people: readonly Person[], nobody: Person): Lacking {
  const company = account.company;
  const current: Lacks = [
    ['company.name', !company?.name],
    ['company.phone', !company?.phone],
    ['company.tax_id', !company?.tax_id_provided],
  ];
  const address = company ?? nobody;
  const current_ = [
    ...missingOf(current),
    ...prefixed('company', missingOf(addressLacks(address, account.country))),
  ];
  const eventual: string[] = [];
  const ownersKnown = company?.owners_provided ?? false;
  if (account.business_type === 'company' && !ownersKnown) {
    current_.push('company.owners_provided');
    if (!people.some(({ relationship }) => relationship.owner)) {
      current_.push(...prefixed('owners', missingOf(nameLacks(nobody))));
      eventual.push(
        ...prefixed('owners', missingOf([...addressLacks(nobody, account.country), ...dobLacks(nobody)])),
      );
    }
  }
  if (!people.some(({ relationship }) => relationship.representative)) {
    const lacks: Lacks = [...identityLacks(nobody, account.country), ['relationship.title', true]];
    current_.push(...prefixed('representative', missingOf(lacks)));
  }
  return { current: current_, eventual };
}

/** What keeps every capability from being given, bank account aside. */
function baseLacks(account: Account, people: readonly Person[], nobody: Person): Lacking {
  if (account.sandbox.known) return { current: [], eventual: [] };
  const { tos_acceptance, business_type } = account;
  const terms = missingOf([
    ['tos_acceptance.date', tos_acceptance.date === null],
    ['tos_acceptance.ip', tos_acceptance.date === null],
  ]);
  if (business_type === null) {
    const asked = people.length > 0 ? [] : missingOf(firstAsked(nobody, account.country));
    return { current: ['business_type', ...prefixed('representative', asked), ...terms], eventual: [] };
  }
  const individual = people.find(({ sandbox }) => sandbox.individual);
  const parts: Lacking[] = people.map((person) => {
    const { current, eventual } = personLacks(account, person);
    return { current: prefixed(prefixOf(person), current), eventual: prefixed(prefixOf(person), eventual) };
  });
  if (business_type !== 'individual') parts.push(companyLacks(account, people, nobody));
  else if (!individual) {
    parts.push({
      current: prefixed('individual', missingOf(identityLacks(nobody, account.country))),
      eventual: [],
    });
  }
  return {
    current: [...parts.flatMap(({ current }) => current), ...terms],
    eventual: parts.flatMap(({ eventual }) => eventual),
  };
}

/**
 * What only taking cards asks for: the line of business and where it can be seen. Whoever gives both where it is and what it sells
 * owes no category code (439 of 439 recorded accounts).
 */
function cardPaymentsLacks({
  business_profile,
  business_type,
  country,
  sandbox,
  settings,
}: Account): string[] {
  if (sandbox.known) return [];
  return missingOf([
    [
      'business_profile.mcc',
      !business_profile.mcc && !(business_profile.url && business_profile.product_description),
    ],
    ['business_profile.url', !business_profile.url && !business_profile.product_description],
    [
      'settings.payments.statement_descriptor',
      business_type === null && country === 'US' && settings.statement_descriptor === null,
    ],
  ]);
}

function failures(account: Account, people: readonly Person[]): RequirementError[] {
  const failed = people
    .filter(({ sandbox }) => sandbox.check === 'failed')
    .map((person) => ({ field: `${prefixOf(person)}.verification.document`, document: person.document }));
  if (account.company?.sandbox.check === 'failed')
    failed.push({ field: 'company.verification.document', document: account.company.document });
  return failed.map(({ field, document }) => ({
    code:
      document.front === null ? 'verification_failed_keyed_identity' : 'verification_document_failed_other',
    reason:
      document.front === null
        ? "The person's keyed-in identity information could not be verified. Correct any errors or upload a document that matches the identity fields (e.g., name and date of birth) entered."
        : 'The document could not be verified. Upload another document.',
    requirement: field,
  }));
}

/** Who has submitted everything and has not been checked. */
function unchecked(account: Account, people: readonly Person[]): string[] {
  if (account.sandbox.known) return [];
  const open = people
    .filter(({ sandbox }) => sandbox.check === 'open')
    .map((person) => `${prefixOf(person)}.id_number`);
  return account.company?.sandbox.check === 'open' && account.business_type !== 'individual'
    ? ['company.tax_id', ...open]
    : open;
}

const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();

export interface Assessment {
  capabilities: Record<string, CapabilityStatus>;
  requirements: Requirements;
  /** Everything is submitted, and has to be checked. */
  toVerify: boolean;
}

/**
 * What an account still owes and what it may do meanwhile. At onboarding everything is overdue from the start, as Stripe
 * has it; what is asked for later has a deadline. A missing bank account, or none but those from where a payout came back, stops payouts
 * alone.
 */
export function assess(account: Account, people: readonly Person[], nobody: Person, now: number): Assessment {
  const { sandbox } = account;
  const base = baseLacks(account, people, nobody);
  const cards = 'card_payments' in sandbox.requested ? cardPaymentsLacks(account) : [];
  const errors = failures(account, people);
  const failed = errors.map(({ requirement }) => requirement);
  const open = sandbox.required.filter(({ answered }) => !answered);
  const passed = open.filter(({ deadline }) => deadline === null || deadline <= now);
  const overdue = passed.map(({ field }) => field);
  const isUsable = account.external_accounts.some(({ status }) => status !== 'errored');
  const banks = isUsable ? [] : ['external_account'];
  const awaited = [
    ...unchecked(account, people),
    ...sandbox.required.filter(({ answered }) => answered).map(({ field }) => field),
  ];
  const complete = base.current.length === 0 && failed.length === 0;
  const checking = complete && awaited.length > 0;

  const statusOf = (name: string): CapabilityStatus => {
    const lacks = [...base.current, ...(name === 'card_payments' ? cards : []), ...failed];
    const stopped = overdue.some((field) => field !== 'external_account');
    if (sandbox.rejected !== null || lacks.length > 0 || stopped) return 'inactive';
    return checking && !sandbox.enabled ? 'pending' : 'active';
  };
  const capabilities = Object.fromEntries([
    ...Object.keys(account.capabilities).map((name) => [name, 'unrequested'] as const),
    ...Object.keys(sandbox.requested).map((name) => [name, statusOf(name)] as const),
    ...Object.entries(sandbox.forced.capabilities),
  ]);

  const pastDue = unique([...base.current, ...cards, ...failed, ...overdue, ...banks]);
  const currentlyDue = unique([...pastDue, ...open.map(({ field }) => field)]);
  const deadlines = open.flatMap(({ deadline }) => (deadline !== null && deadline > now ? [deadline] : []));
  const pending = checking ? unique(awaited) : [];
  const requirements: Requirements = {
    current_deadline: deadlines.length > 0 ? Math.min(...deadlines) : null,
    currently_due: currentlyDue,
    disabled_reason: disabledReason(account, pastDue, pending.length > 0 && !sandbox.enabled),
    errors,
    eventually_due: unique([...currentlyDue, ...base.eventual]),
    past_due: pastDue,
    pending_verification: pending,
    ...sandbox.forced.requirements,
  };
  return { capabilities, requirements, toVerify: checking };
}

function disabledReason({ sandbox }: Account, pastDue: string[], pending: boolean): string | null {
  if (sandbox.rejected !== null) return `rejected.${sandbox.rejected}`;
  if (pastDue.length > 0) return 'requirements.past_due';
  return pending ? 'requirements.pending_verification' : null;
}
