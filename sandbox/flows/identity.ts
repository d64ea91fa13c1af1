import type {
  Address,
  Company,
  CompanyFacts,
  IdentityMatch,
  Person,
  PersonFacts,
  Relationship,
} from '../objects/accounts.ts';

const NO_ADDRESS: Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};

const NO_RELATIONSHIP: Relationship = {
  authorizer: false,
  director: false,
  executive: false,
  legal_guardian: false,
  owner: false,
  percent_ownership: null,
  representative: false,
  title: null,
};

const NO_DOCUMENT = { back: null, front: null };

const NO_COMPANY: Company = {
  address: NO_ADDRESS,
  directors_provided: false,
  executives_provided: false,
  name: null,
  owners_provided: false,
  phone: null,
  structure: null,
  tax_id_provided: false,
  vat_id_provided: false,
  document: NO_DOCUMENT,
  sandbox: { taxId: null, check: 'open' },
};

/** Stripe's test values, https://docs.stripe.com/connect/testing: every other number is found to be right. */
export function matchOfNumber(number: string): IdentityMatch {
  const digits = number.replaceAll(/\D/g, '');
  if (/^1+$/.test(digits)) return 'no_match';
  return /^2+$/.test(digits) ? 'immediate' : 'match';
}

const DOCUMENT_SUCCESS = 'file_identity_document_success';
const ADDRESS_NO_MATCH = 'address_no_match';
const IMMEDIATE_YEAR = 1902;
const UNMATCHED_YEAR = 1900;

/** Whether what is known of a person holds. A good document settles every doubt. */
export function matchOfPerson({ address, dob, document, sandbox }: Person): IdentityMatch {
  if (document.front === DOCUMENT_SUCCESS) return 'match';
  const doubtful =
    sandbox.idNumber === 'no_match' ||
    address.line1 === ADDRESS_NO_MATCH ||
    dob.year === UNMATCHED_YEAR ||
    document.front !== null;
  if (doubtful) return 'no_match';
  return sandbox.idNumber === 'immediate' || dob.year === IMMEDIATE_YEAR ? 'immediate' : 'match';
}

export function matchOfCompany({ address, document, sandbox }: Company): IdentityMatch {
  if (document.front === DOCUMENT_SUCCESS) return 'match';
  const doubtful =
    sandbox.taxId === 'no_match' || address.line1 === ADDRESS_NO_MATCH || document.front !== null;
  if (doubtful) return 'no_match';
  return sandbox.taxId ?? 'match';
}

/** The person whose data Stripe's examples use; stands in for someone who must be known and has no data. */
export const TEST_PERSON: PersonFacts = {
  address: {
    city: 'San Francisco',
    country: 'US',
    line1: 'address_full_match',
    postal_code: '94111',
    state: 'CA',
  },
  dob: { day: 1, month: 1, year: 1901 },
  email: 'jenny.rosen@example.com',
  first_name: 'Jenny',
  idNumber: 'match',
  last_name: 'Rosen',
  phone: '+10000000000',
  ssnLast4: true,
};

export function newPerson(fields: { id: string; account: string; created: number }): Person {
  return {
    ...fields,
    owner: fields.account,
    address: NO_ADDRESS,
    dob: { day: null, month: null, year: null },
    email: null,
    first_name: null,
    id_number_provided: false,
    last_name: null,
    metadata: {},
    phone: null,
    relationship: NO_RELATIONSHIP,
    ssn_last_4_provided: false,
    document: NO_DOCUMENT,
    sandbox: { idNumber: null, check: 'open', individual: false },
  };
}

/** A person with the new data. Anything that concerns the identity is checked again. */
export function withFacts(before: Person, facts: PersonFacts): Person {
  const { metadata: _, relationship, email, phone, ...identity } = facts;
  const reopened = Object.keys(identity).length > 0;
  return {
    ...before,
    address: { ...before.address, ...facts.address },
    dob: facts.dob ?? before.dob,
    email: email ?? before.email,
    first_name: facts.first_name ?? before.first_name,
    id_number_provided: before.id_number_provided || facts.idNumber !== undefined,
    last_name: facts.last_name ?? before.last_name,
    phone: phone ?? before.phone,
    relationship: { ...before.relationship, ...relationship },
    ssn_last_4_provided: before.ssn_last_4_provided || facts.ssnLast4 === true,
    document: { ...before.document, ...facts.document },
    sandbox: {
      ...before.sandbox,
      idNumber: facts.idNumber ?? before.sandbox.idNumber,
      check: reopened ? 'open' : before.sandbox.check,
    },
  };
}

export function withCompanyFacts(before: Company | null, facts: CompanyFacts): Company {
  const base = before ?? NO_COMPANY;
  const { address, document, taxId, ...rest } = facts;
  return {
    ...base,
    ...rest,
    address: { ...base.address, ...address },
    document: { ...base.document, ...document },
    tax_id_provided: base.tax_id_provided || taxId !== undefined,
    sandbox: { taxId: taxId ?? base.sandbox.taxId, check: 'open' },
  };
}
