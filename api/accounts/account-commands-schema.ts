import { z } from 'zod';
import { REQUEST_HASH } from '../../domain/commands/operation-stamp.ts';
import { exactlyOneOf, notTogether, unless } from '../../domain/commands/rules.ts';
import { accountMetadata, LAST_CHANGE } from '../../domain/ids.ts';
import * as field from '../http/fields.ts';
import { company, countryCode, externalAccount, individual } from './identity-schema.ts';

/** Beside the keys that say who made the account and which change was the last. */
const accountMetadataField = field.metadataBeside({
  ...accountMetadata('', ''),
  [REQUEST_HASH]: '',
  [LAST_CHANGE]: '',
});
const DELAY_DAYS_MAX = 365;
const CAPABILITIES_MAX = 50;

const businessProfile = z.strictObject({
  mcc: z
    .string()
    .regex(/^\d{4}$/, { error: 'must be four digits' })
    .optional()
    .describe('Merchant category code.'),
  name: field.textUpTo(500).optional().describe('What customers know it as.'),
  product_description: field.textUpTo(5_000).optional().describe('What it sells.'),
  support_email: field.email.optional().describe('For its customers.'),
  support_phone: field.textUpTo(50).optional().describe('For its customers.'),
  support_url: field.siteUrl.optional().describe('For its customers.'),
  url: field.siteUrl.optional().describe('Its own site.'),
});

const capabilities = z
  .array(z.string().regex(/^[a-z0-9_]{1,60}$/, { error: "must be the name of a capability of Stripe's" }))
  .min(1)
  .max(CAPABILITIES_MAX)
  .meta({ description: 'To be requested, by Stripe’s names.', example: ['card_payments', 'transfers'] });

export const payoutScheduleBody = z
  .strictObject({
    interval: z.enum(['manual', 'daily', 'weekly', 'monthly']).describe('manual: only when asked.'),
    delay_days: z
      .union([z.literal('minimum'), z.number().int().min(0).max(DELAY_DAYS_MAX)], {
        error: `must be minimum, or an integer up to ${DELAY_DAYS_MAX}`,
      })
      .optional()
      .describe('How long its money is held; minimum: as short as Stripe allows.'),
    weekly_anchor: z
      .enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])
      .optional()
      .describe('The weekday of weekly payouts.'),
    monthly_anchor: z.number().int().min(1).max(31).optional().describe('The day of monthly payouts.'),
  })
  .superRefine((body, context) => {
    const addIssue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (body.interval === 'weekly' && body.weekly_anchor === undefined) {
      addIssue('weekly_anchor', 'is required with interval weekly');
    }
    if (body.interval === 'monthly' && body.monthly_anchor === undefined) {
      addIssue('monthly_anchor', 'is required with interval monthly');
    }
    if (body.interval !== 'weekly' && body.weekly_anchor !== undefined) {
      addIssue('weekly_anchor', 'goes with interval weekly only');
    }
    if (body.interval !== 'monthly' && body.monthly_anchor !== undefined) {
      addIssue('monthly_anchor', 'goes with interval monthly only');
    }
  })
  .meta({
    id: 'PayoutSchedule',
    example: { interval: 'weekly', weekly_anchor: 'friday' },
    description: 'When Stripe pays out automatically.',
    allOf: [
      unless({ interval: ['manual', 'daily', 'monthly'] }, { required: ['weekly_anchor'] }),
      unless({ interval: ['manual', 'daily', 'weekly'] }, { required: ['monthly_anchor'] }),
      unless({ interval: ['weekly'] }, { not: { required: ['weekly_anchor'] } }),
      unless({ interval: ['monthly'] }, { not: { required: ['monthly_anchor'] } }),
    ],
  });

/** What may be sent about an account at any time. */
const accountData = {
  business_type: z
    .enum(['individual', 'company', 'non_profit', 'government_entity'])
    .optional()
    .describe('Who is behind the account.'),
  individual: individual.optional(),
  company: company.optional(),
  tos_shown_and_accepted: z.literal(true).optional().meta({
    description: 'The account’s owner was shown Stripe’s agreement and accepted it.',
  }),
  account_token: field.stripeId('ct_', 'ct_1NvaqX').optional().meta({
    description:
      'Instead of business_type, individual, company and tos_shown_and_accepted: made in the browser.',
  }),
  email: field.email.optional().describe("The owner's e-mail address."),
  business_profile: businessProfile.optional().describe('What it sells, and to whom its customers turn.'),
  capabilities: capabilities.optional(),
  default_currency: field.payoutCurrency.optional(),
  external_account: externalAccount.optional(),
  statement_descriptor: field.statementDescriptor.optional().describe('What card statements show.'),
};

type AccountData = Partial<Record<'business_type' | 'individual' | 'company' | 'account_token', unknown>> & {
  readonly tos_shown_and_accepted?: true | undefined;
};

function addIdentityIssues(body: AccountData, context: z.RefinementCtx): void {
  const addIssue = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (body.individual !== undefined && body.company !== undefined) {
    addIssue('company', 'cannot be given together with individual');
  }
  const inClear = ['individual', 'company', 'tos_shown_and_accepted', 'business_type'] as const;
  const besideToken = inClear.find((name) => body[name] !== undefined);
  if (body.account_token !== undefined && besideToken !== undefined) {
    addIssue(besideToken, 'cannot be given together with account_token: the token says it');
  }
}

const IDENTITY_RULES = [
  notTogether('individual', 'company'),
  notTogether('account_token', 'individual'),
  notTogether('account_token', 'company'),
  notTogether('account_token', 'tos_shown_and_accepted'),
  notTogether('account_token', 'business_type'),
];

const controller = z.strictObject({
  fees: z
    .strictObject({ payer: z.enum(['account', 'application']).describe('Who pays them.') })
    .optional()
    .describe('Stripe’s fees.'),
  losses: z
    .strictObject({ payments: z.enum(['application', 'stripe']).describe('Who bears them.') })
    .optional()
    .describe('Negative balances.'),
  requirement_collection: z
    .enum(['application', 'stripe'])
    .optional()
    .describe('Who collects what Stripe requires.'),
  stripe_dashboard: z
    .strictObject({ type: z.enum(['express', 'full', 'none']).describe('Which one.') })
    .optional()
    .describe('The Dashboard that its owner has.'),
});

/** Body of `POST /v1/accounts`. */
export const createAccountBody = z
  .strictObject({
    id: field.accountReference.optional().meta({
      description: 'The caller’s own reference; one is made otherwise. Stripe’s id comes with the answer.',
    }),
    type: z
      .enum(['custom', 'express', 'standard'])
      .optional()
      .describe(
        'Who identifies the owner to Stripe: you (custom), its owner on Stripe’s form (express), or its owner with an account at Stripe (standard).',
      ),
    controller: controller.optional().describe('Instead of `type`: who is responsible for what.'),
    country: countryCode.optional(),
    service_agreement: z
      .enum(['full', 'recipient'])
      .optional()
      .describe('recipient: it only receives transfers.'),
    ...accountData,
    payout_schedule: payoutScheduleBody.optional(),
    metadata: accountMetadataField.default({}).describe('Your own names and values.'),
  })
  .superRefine((body, context) => {
    const addIssue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (body.type !== undefined && body.controller !== undefined) {
      addIssue('controller', 'cannot be given together with type');
    }
    if (body.type === undefined && body.controller === undefined) {
      addIssue('type', 'or controller is required');
    }
    addIdentityIssues(body, context);
    const identity = body.individual !== undefined || body.company !== undefined;
    if (identity && body.tos_shown_and_accepted === undefined) {
      addIssue(
        'tos_shown_and_accepted',
        'is required together with identity data: Stripe takes it for a new account only once its agreement was accepted',
      );
    }
    if (body.service_agreement === 'recipient' && body.capabilities?.includes('card_payments')) {
      addIssue('capabilities', 'cannot hold card_payments under the recipient service agreement');
    }
  })
  .meta({
    id: 'AccountCreate',
    example: { id: 'seller-7', type: 'express', country: 'US', capabilities: ['card_payments', 'transfers'] },
    dependentRequired: { individual: ['tos_shown_and_accepted'], company: ['tos_shown_and_accepted'] },
    allOf: [
      exactlyOneOf('type', 'controller'),
      ...IDENTITY_RULES,
      unless(
        { service_agreement: ['full'] },
        { properties: { capabilities: { not: { contains: { const: 'card_payments' } } } } },
      ),
    ],
  });
export type CreateAccountBody = z.output<typeof createAccountBody>;

/** Body of `POST /v1/accounts/{id}`. */
export const updateAccountBody = z
  .strictObject({
    ...accountData,
    metadata: accountMetadataField.optional().describe('Your own names and values.'),
  })
  .superRefine((body, context) => {
    addIdentityIssues(body, context);
    if (Object.keys(body).length === 0) {
      context.addIssue({ code: 'custom', path: [], message: 'changes nothing' });
    }
  })
  .meta({
    id: 'AccountUpdate',
    example: { business_profile: { product_description: 'Rollerskates' } },
    minProperties: 1,
    allOf: IDENTITY_RULES,
  });
export type UpdateAccountBody = z.output<typeof updateAccountBody>;

export const capabilitiesBody = z
  .strictObject({ capabilities })
  .meta({ id: 'AccountRequestCapabilities', example: { capabilities: ['card_payments', 'transfers'] } });

export const addExternalAccountBody = z
  .strictObject({
    external_account: externalAccount,
    default_for_currency: z.boolean().default(false).describe('Whether payouts in its currency go there.'),
  })
  .meta({
    id: 'AccountExternalAccount',
    example: {
      external_account: {
        country: 'US',
        currency: 'usd',
        account_number: '000123456789',
        routing_number: '110000000',
      },
    },
  });

export const onboardingLinkBody = z
  .strictObject({
    return_url: field.webUrl.meta({ description: 'Where the owner comes back to, whatever was filled in.' }),
    refresh_url: field.webUrl.meta({
      description: 'Where the owner is sent when the link is used or expired.',
    }),
    type: z
      .enum(['account_onboarding', 'account_update'])
      .default('account_onboarding')
      .describe('account_update: only for accounts whose data you collect.'),
  })
  .meta({
    id: 'OnboardingLinkCreate',
    example: { return_url: 'https://shop.example.com/done', refresh_url: 'https://shop.example.com/again' },
  });
