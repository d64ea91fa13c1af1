import { matchOfNumber } from '../flows/identity.ts';
import type { Parsed, Parser } from '../http/params.ts';
import {
  anything,
  boolean,
  clearable,
  either,
  email,
  hash,
  integer,
  metadata,
  oneOf,
  optional,
  text,
  textUpTo,
} from '../http/params.ts';
import type { CompanyFacts, PersonFacts } from '../objects/accounts.ts';

const address = hash({
  city: optional(textUpTo(100)),
  country: optional(text),
  line1: optional(textUpTo(200)),
  line2: optional(clearable(textUpTo(200))),
  postal_code: optional(text),
  state: optional(text),
  town: optional(text),
});

const document = hash({
  document: optional(
    hash({ back: optional(clearable(textUpTo(500))), front: optional(clearable(textUpTo(500))) }),
  ),
  additional_document: optional(anything),
});

const dobHash = hash({ day: optional(integer), month: optional(integer), year: optional(integer) });

const percent: Parser<number> = (value, name) => {
  const number = Number(text(value, name));
  return Number.isFinite(number) ? number : integer(value, name);
};

const relationship = hash({
  authorizer: optional(boolean),
  director: optional(boolean),
  executive: optional(boolean),
  legal_guardian: optional(boolean),
  owner: optional(boolean),
  percent_ownership: optional(clearable(percent)),
  representative: optional(boolean),
  title: optional(clearable(text)),
});

const identityShape = {
  address: optional(address),
  address_kana: optional(anything),
  address_kanji: optional(anything),
  dob: optional(either((value) => value === '', clearable(text), dobHash)),
  email: optional(email),
  first_name: optional(textUpTo(100)),
  first_name_kana: optional(anything),
  first_name_kanji: optional(anything),
  full_name_aliases: optional(anything),
  gender: optional(text),
  id_number: optional(text),
  id_number_secondary: optional(text),
  last_name: optional(textUpTo(100)),
  last_name_kana: optional(anything),
  last_name_kanji: optional(anything),
  maiden_name: optional(text),
  nationality: optional(text),
  metadata: optional(metadata),
  phone: optional(text),
  political_exposure: optional(oneOf('existing', 'none')),
  registered_address: optional(anything),
  relationship: optional(relationship),
  ssn_last_4: optional(text),
  verification: optional(document),
};

export const individualParams = hash(identityShape);

export const personShape = {
  ...identityShape,
  additional_tos_acceptances: optional(anything),
  documents: optional(anything),
  us_cfpb_data: optional(anything),
};

const companyShape = {
  address: optional(address),
  address_kana: optional(anything),
  address_kanji: optional(anything),
  administrative_address: optional(anything),
  directors_provided: optional(boolean),
  directorship_declaration: optional(anything),
  executives_provided: optional(boolean),
  export_license_id: optional(text),
  export_purpose_code: optional(text),
  name: optional(textUpTo(100)),
  name_kana: optional(text),
  name_kanji: optional(text),
  owners_provided: optional(boolean),
  ownership_declaration: optional(anything),
  ownership_declaration_shown_and_signed: optional(boolean),
  ownership_exemption_reason: optional(text),
  phone: optional(text),
  principal_place_of_business: optional(anything),
  registration_date: optional(anything),
  registration_number: optional(text),
  representative_declaration: optional(anything),
  structure: optional(text),
  tax_id: optional(text),
  tax_id_registrar: optional(text),
  vat_id: optional(text),
  verification: optional(document),
};

export const companyParams = hash(companyShape);

/** Only what was given; an empty value counts as nothing, since nothing here can be taken back. */
function given<T extends object>(fields: { [K in keyof T]: T[K] | null | undefined }): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<T>;
}

type PersonParams = Parsed<typeof personShape>;

/** The particulars without the numbers: of those it is only kept that they came, and what they prove. */
export function personFacts(params: PersonParams): PersonFacts {
  const { dob, verification, relationship: role } = params;
  return {
    ...given<PersonFacts>({
      address: params.address && given(params.address),
      dob:
        dob === undefined || dob === null || typeof dob === 'string'
          ? undefined
          : { day: dob.day ?? null, month: dob.month ?? null, year: dob.year ?? null },
      email: params.email,
      first_name: params.first_name,
      idNumber: params.id_number === undefined ? undefined : matchOfNumber(params.id_number),
      last_name: params.last_name,
      phone: params.phone,
      relationship: role && given(role),
      ssnLast4: params.ssn_last_4 === undefined ? undefined : true,
      document: verification?.document && given(verification.document),
    }),
    ...(params.metadata === undefined ? {} : { metadata: params.metadata }),
  };
}

export function companyFacts(params: Parsed<typeof companyShape>): CompanyFacts {
  return given<CompanyFacts>({
    address: params.address && given(params.address),
    directors_provided: params.directors_provided,
    executives_provided: params.executives_provided,
    name: params.name,
    owners_provided: params.owners_provided,
    phone: params.phone,
    structure: params.structure,
    taxId: params.tax_id === undefined ? undefined : matchOfNumber(params.tax_id),
    vat_id_provided: params.vat_id === undefined ? undefined : true,
    document: params.verification?.document && given(params.verification.document),
  });
}

/** `individual.dob.day` and the like, for everything that a hash of parameters says something about. */
export function namesOf(value: unknown, prefix: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [prefix];
  return Object.entries(value).flatMap(([key, item]) =>
    item === undefined || item === null ? [] : namesOf(item, prefix === '' ? key : `${prefix}.${key}`),
  );
}
