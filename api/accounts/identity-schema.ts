import { z } from 'zod';
import { textUpTo } from '../http/fields.ts';

/**
 * Who is behind an account, by Stripe's own names. None of it goes further than into a token of Stripe's: no workflow, log or
 * error ever holds it.
 */

const TEXT_MAX = 500;
const NUMBER_MAX = 64;
const text = textUpTo(TEXT_MAX);
/** As long as Stripe takes them. */
const name = textUpTo(100);
const addressLine = textUpTo(200);

export const countryCode = z
  .string()
  .regex(/^[A-Z]{2}$/, { error: 'must be a two-letter country code, such as US' })
  .describe('Two-letter country code.');

const address = z.strictObject({
  line1: addressLine.optional().describe('Street and number.'),
  line2: addressLine.optional().describe('Flat, suite or building.'),
  city: name.optional().describe('City or town.'),
  state: text.optional().describe('State, county or province.'),
  postal_code: text.optional().describe('ZIP or postal code.'),
  country: countryCode.optional(),
});

const dateOfBirth = z.strictObject({
  day: z.number().int().min(1).max(31).describe('Day of the month.'),
  month: z.number().int().min(1).max(12).describe('Month, 1 to 12.'),
  year: z.number().int().min(1900).max(2100).describe('Year, four digits.'),
});

const document = z.strictObject({
  front: text.optional().describe('Its front: the id of a file uploaded to Stripe.'),
  back: text.optional().describe('Its back: the id of a file uploaded to Stripe.'),
});
const verification = z.strictObject({
  document: document.optional().describe('An identity document.'),
  additional_document: document.optional().describe('A document that proves the address.'),
});

const person = {
  first_name: name.optional().describe('Given name.'),
  last_name: name.optional().describe('Family name.'),
  maiden_name: text.optional().describe('Family name at birth.'),
  email: text.optional().describe('E-mail address.'),
  phone: text.optional().describe('Telephone number.'),
  dob: dateOfBirth.optional().describe('Date of birth.'),
  address: address.optional().describe('Postal address.'),
  gender: text.optional().describe('male or female, where Stripe asks for it.'),
  id_number: text
    .optional()
    .describe('The number that the country identifies a person by, such as a social security number.'),
  ssn_last_4: z
    .string()
    .regex(/^\d{4}$/, { error: 'must be four digits' })
    .optional()
    .describe('The last four digits of a US social security number.'),
  nationality: text.optional().describe('Two-letter country code.'),
  political_exposure: z
    .enum(['existing', 'none'])
    .optional()
    .describe('Whether the person holds a prominent public office, or is close to somebody who does.'),
  verification: verification.optional().describe('Documents that identify the person.'),
};

export const individual = z
  .strictObject(person)
  .meta({ id: 'Individual', description: "The person behind the account, by Stripe's own names." });

export const company = z
  .strictObject({
    name: name.optional().describe('Legal name.'),
    phone: text.optional().describe('Telephone number.'),
    tax_id: text.optional().describe('Tax number.'),
    vat_id: text.optional().describe('VAT number.'),
    registration_number: text.optional().describe('Number in the register of companies.'),
    structure: text.optional().describe('Legal form, by Stripe’s names.'),
    address: address.optional().describe('Postal address.'),
    owners_provided: z.boolean().optional().describe('true: every owner has been added as a person.'),
    directors_provided: z.boolean().optional().describe('true: every director has been added as a person.'),
    executives_provided: z.boolean().optional().describe('true: every executive has been added as a person.'),
    verification: z
      .strictObject({ document: document.optional().describe('A document of the company.') })
      .optional()
      .describe('Documents that identify the company.'),
  })
  .meta({ id: 'Company', description: "The company behind the account, by Stripe's own names." });

/** Body of `POST /v1/accounts/{id}/persons`. */
export const addPersonBody = z
  .strictObject({
    ...person,
    relationship: z
      .strictObject({
        representative: z.boolean().optional().describe('Acts for the company towards Stripe.'),
        owner: z.boolean().optional().describe('Owns at least a quarter of the company.'),
        director: z.boolean().optional().describe('Sits on its board.'),
        executive: z.boolean().optional().describe('Manages the company.'),
        percent_ownership: z
          .number()
          .min(0)
          .max(100)
          .optional()
          .describe('Share of the company, in percent.'),
        title: text.optional().describe('What the person does there, such as CEO.'),
      })
      .optional()
      .describe('What the person is to the company.'),
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
        country: countryCode,
        currency: z
          .string()
          .regex(/^[a-z]{3}$/, { error: 'must be a lowercase three-letter currency code' })
          .describe('What is paid out to it, as a lowercase ISO 4217 code.'),
        account_number: textUpTo(NUMBER_MAX).describe('Account number or IBAN.'),
        routing_number: textUpTo(NUMBER_MAX)
          .optional()
          .describe('Routing number or sort code, where the country has them.'),
        account_holder_name: text.optional().describe('Who owns the bank account.'),
        account_holder_type: z
          .enum(['individual', 'company'])
          .optional()
          .describe('Whether a person or a company owns it.'),
      }),
    ],
    { error: EXTERNAL_ACCOUNT },
  )
  .meta({
    id: 'ExternalAccountInput',
    description: "Where the account is paid out to: a token, or a bank account by Stripe's own names.",
  });

export type ExternalAccountInput = z.output<typeof externalAccount>;
