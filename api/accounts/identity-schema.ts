import { z } from 'zod';
import { textUpTo } from '../http/fields.ts';

/**
 * Who is behind an account, by Stripe's own names. None of it goes further than into a token of Stripe's: no workflow, log or
 * error ever holds it.
 */

const TEXT_MAX = 500;
const NUMBER_MAX = 64;
const text = textUpTo(TEXT_MAX);

const address = z.strictObject({
  line1: text.optional(),
  line2: text.optional(),
  city: text.optional(),
  state: text.optional(),
  postal_code: text.optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, { error: 'must be a two-letter country code, such as US' })
    .optional(),
});

const dateOfBirth = z.strictObject({
  day: z.number().int().min(1).max(31),
  month: z.number().int().min(1).max(12),
  year: z.number().int().min(1900).max(2100),
});

/** Ids of files that were uploaded to Stripe. */
const document = z.strictObject({ front: text.optional(), back: text.optional() });
const verification = z.strictObject({
  document: document.optional(),
  additional_document: document.optional(),
});

const person = {
  first_name: text.optional(),
  last_name: text.optional(),
  maiden_name: text.optional(),
  email: text.optional(),
  phone: text.optional(),
  dob: dateOfBirth.optional(),
  address: address.optional(),
  gender: text.optional(),
  id_number: text.optional(),
  ssn_last_4: z
    .string()
    .regex(/^\d{4}$/, { error: 'must be four digits' })
    .optional(),
  nationality: text.optional(),
  political_exposure: z.enum(['existing', 'none']).optional(),
  verification: verification.optional(),
};

export const individual = z
  .strictObject(person)
  .meta({ id: 'Individual', description: "The person behind the account, by Stripe's own names." });

export const company = z
  .strictObject({
    name: text.optional(),
    phone: text.optional(),
    tax_id: text.optional(),
    vat_id: text.optional(),
    registration_number: text.optional(),
    structure: text.optional(),
    address: address.optional(),
    owners_provided: z.boolean().optional(),
    directors_provided: z.boolean().optional(),
    executives_provided: z.boolean().optional(),
    verification: z.strictObject({ document: document.optional() }).optional(),
  })
  .meta({ id: 'Company', description: "The company behind the account, by Stripe's own names." });

/** Body of `POST /v1/accounts/{id}/persons`. */
export const addPersonBody = z
  .strictObject({
    ...person,
    relationship: z
      .strictObject({
        representative: z.boolean().optional(),
        owner: z.boolean().optional(),
        director: z.boolean().optional(),
        executive: z.boolean().optional(),
        percent_ownership: z.number().min(0).max(100).optional(),
        title: text.optional(),
      })
      .optional(),
  })
  .meta({
    id: 'AccountPerson',
    example: {
      first_name: 'Jenny',
      last_name: 'Rosen',
      relationship: { owner: true, percent_ownership: 100 },
    },
    description: "A person of a company, by Stripe's own names.",
  });

const EXTERNAL_ACCOUNT =
  'must be a token (btok_… of a bank account, tok_… of a debit card), or a bank account: country, currency, account_number, routing_number';

/** Somewhere to be paid out to: a bank account in the clear, or a token of one or of a debit card. */
export const externalAccount = z
  .union(
    [
      z.string().regex(/^(btok|tok)_[A-Za-z0-9_]{1,250}$/, { error: EXTERNAL_ACCOUNT }),
      z.strictObject({
        object: z.literal('bank_account').default('bank_account'),
        country: z.string().regex(/^[A-Z]{2}$/, { error: 'must be a two-letter country code, such as US' }),
        currency: z.string().regex(/^[a-z]{3}$/, { error: 'must be a lowercase three-letter currency code' }),
        account_number: textUpTo(NUMBER_MAX),
        routing_number: textUpTo(NUMBER_MAX).optional(),
        account_holder_name: text.optional(),
        account_holder_type: z.enum(['individual', 'company']).optional(),
      }),
    ],
    { error: EXTERNAL_ACCOUNT },
  )
  .meta({
    id: 'ExternalAccountInput',
    description: "Where the account is paid out to: a token, or a bank account by Stripe's own names.",
  });

export type ExternalAccountInput = z.output<typeof externalAccount>;
