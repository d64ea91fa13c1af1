import type { Account, Person } from '../objects/accounts.ts';
import type { FormField, FormState } from './form.ts';

const BUSINESS_TYPES = [
  ['individual', 'Individual or sole proprietor'],
  ['company', 'Company'],
] as const;

const PERSON: readonly FormField[] = [
  { name: 'first_name', label: 'First name', autocomplete: 'given-name' },
  { name: 'last_name', label: 'Last name', autocomplete: 'family-name' },
  { name: 'email', label: 'Email', type: 'email', autocomplete: 'email' },
  { name: 'phone', label: 'Phone', type: 'tel', autocomplete: 'tel' },
  { name: 'dob', label: 'Date of birth', type: 'date', autocomplete: 'bday' },
  { name: 'line1', label: 'Street address', autocomplete: 'address-line1' },
  { name: 'city', label: 'City', autocomplete: 'address-level2' },
  { name: 'state', label: 'State or province', autocomplete: 'address-level1' },
  { name: 'postal_code', label: 'Postal code', autocomplete: 'postal-code' },
];

const COMPANY: readonly FormField[] = [
  { name: 'company_name', label: 'Company name', autocomplete: 'organization', optional: true },
  {
    name: 'tax_id',
    label: 'Company tax id',
    hint: 'Test mode: 000000000 is right, 111111111 is not.',
    optional: true,
  },
];

const URL_FIELD: FormField = {
  name: 'url',
  label: 'Website',
  type: 'url',
  hint: 'For example https://accessible.stripe.com',
  autocomplete: 'url',
};

const TERMS: FormField = {
  name: 'terms',
  label: 'I accept the Stripe Connected Account Agreement',
  type: 'checkbox',
};

export interface FormParts {
  business: readonly FormField[];
  person: readonly FormField[];
  company: readonly FormField[];
  bank: readonly FormField[];
  terms: readonly FormField[];
}

/** What the form asks this account; numbers that are on file are not asked for again. */
export function partsOf(account: Account, person: Person | undefined): FormParts {
  const us = account.country === 'US';
  const numberKnown = person?.ssn_last_4_provided || person?.id_number_provided || account.sandbox.known;
  const ssn: FormField = {
    name: 'ssn_last_4',
    label: 'Last 4 digits of the Social Security number',
    hint: 'Test mode: 0000',
  };
  const routing: FormField = {
    name: 'routing_number',
    label: 'Routing number',
    hint: 'Test mode: 110000000',
  };
  const bank: FormField = {
    name: 'account_number',
    label: us ? 'Account number' : 'Account number or IBAN',
    hint:
      us || account.country === 'CA' ? 'Test mode: 000123456789' : 'Test mode: any of 6 or more characters',
  };
  const wantsBank = account.external_accounts.length === 0;
  return {
    business: [{ name: 'business_type', label: 'Type of business', options: BUSINESS_TYPES }, URL_FIELD],
    person: [...PERSON, ...(us && !numberKnown ? [ssn] : [])],
    company: COMPANY,
    bank: wantsBank ? [...(us ? [routing] : []), bank] : [],
    terms: account.tos_acceptance.date === null ? [TERMS] : [],
  };
}

function allFields(parts: FormParts): readonly FormField[] {
  return [...parts.business, ...parts.person, ...parts.company, ...parts.bank, ...parts.terms];
}

const two = (part: number | null): string => String(part ?? 0).padStart(2, '0');

/** What is known already. */
export function knownValues(account: Account, person: Person | undefined): Record<string, string> {
  const { dob, address } = person ?? {};
  const birthday = dob?.year ? `${dob.year}-${two(dob.month)}-${two(dob.day)}` : '';
  return {
    business_type: account.business_type ?? 'individual',
    city: address?.city ?? '',
    company_name: account.company?.name ?? '',
    dob: birthday,
    email: person?.email ?? account.email ?? '',
    first_name: person?.first_name ?? '',
    last_name: person?.last_name ?? '',
    line1: address?.line1 ?? '',
    phone: person?.phone ?? '',
    postal_code: address?.postal_code ?? '',
    state: address?.state ?? '',
    url: String(account.business_profile.url ?? ''),
  };
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const LAST4 = /^\d{4}$/;

/** What a person can see to be wrong before Stripe looks at it. */
export function faultsOf(parts: FormParts, values: Record<string, string>): FormState['errors'] {
  const errors: Record<string, string> = {};
  const company = values.business_type === 'company';
  for (const field of allFields(parts)) {
    const needed = !field.optional || (company && parts.company.includes(field));
    if (!needed || values[field.name]) continue;
    errors[field.name] =
      field.type === 'checkbox' ? 'The agreement has to be accepted.' : `${field.label} is missing.`;
  }
  if (values.dob && !DATE.test(values.dob)) errors.dob = 'Date of birth must be like 1901-01-01.';
  if (values.ssn_last_4 && !LAST4.test(values.ssn_last_4)) {
    errors.ssn_last_4 = 'Last 4 digits of the Social Security number must be 4 digits.';
  }
  if (values.url && !URL.canParse(values.url)) errors.url = 'Website must start with https://.';
  return errors;
}
