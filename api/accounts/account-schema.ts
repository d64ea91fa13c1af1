import { z } from 'zod';
import { ACCOUNT_STATUSES } from '../../domain/accounts/account.ts';
import { attentionResource, metadataPairs, pendingResource, rfc3339 } from '../http/common.ts';

const requirements = z.object({
  currently_due: z.array(z.string()).describe("Needed by current_deadline, by Stripe's names."),
  eventually_due: z.array(z.string()).describe('Needed at some time.'),
  past_due: z.array(z.string()).describe('Overdue: something is disabled until it is given.'),
  pending_verification: z.array(z.string()).describe('Given, and looked at by Stripe.'),
  disabled_reason: z.string().nullable().describe('Why the account is disabled. Null: it is not.'),
  current_deadline: rfc3339.nullable().meta({ description: 'What is currently due disables it after this.' }),
  errors: z
    .array(
      z.object({
        requirement: z.string().describe('Which of what is due.'),
        code: z.string().describe("Stripe's code."),
        reason: z.string().meta({ description: 'Why, in a sentence.' }),
      }),
    )
    .optional()
    .describe('Why what was given was not accepted. Absent in events, and where Stripe cannot be read.'),
});

const futureRequirements = z.object({
  currently_due: z.array(z.string()).describe("Needed once they hold, by Stripe's names."),
  current_deadline: rfc3339
    .nullable()
    .meta({ description: 'When they become requirements. Null: Stripe does not say.' }),
});

const externalAccount = z
  .object({
    id: z.string().describe("Stripe's id (ba_… or card_…)."),
    object: z.enum(['bank_account', 'card']).describe('A bank account or a debit card.'),
    name: z.string().nullable().meta({ description: 'Of the bank, or the brand of the card.' }),
    last4: z.string().describe('The last four digits.'),
    country: z.string().nullable().describe('Two-letter country code.'),
    currency: z.string().nullable().describe('What is paid out to it, as a lowercase ISO 4217 code.'),
    default_for_currency: z.boolean().describe('Whether payouts in its currency go there.'),
    instant: z.boolean().meta({ description: 'It takes instant payouts.' }),
    status: z
      .string()
      .nullable()
      .describe(
        "Of a bank account, Stripe's own: errored or verification_failed until its details are corrected, and no automatic payout goes there. Null: a card.",
      ),
  })
  .meta({ id: 'ExternalAccount' });

export const accountResource = z
  .object({
    id: z.string().nullable().meta({ description: 'Stripe’s id; null while it is being made.' }),
    object: z.literal('account'),
    reference: z.string().meta({ description: 'The caller’s own id, or otherwise Stripe’s.' }),
    type: z.string().nullable().describe('custom, express, standard, or none where `controller` says it.'),
    controller: z
      .object({
        fees_payer: z.string().nullable().describe("Who pays Stripe's fees."),
        losses_payer: z.string().nullable().describe('Who bears negative balances.'),
        requirement_collection: z.string().nullable().describe('Who collects what Stripe requires.'),
        dashboard: z.string().nullable().describe('Which Dashboard its owner has.'),
      })
      .nullable()
      .describe('Who is responsible for what, by Stripe’s names.'),
    country: z.string().nullable().describe('Two-letter country code.'),
    default_currency: z
      .string()
      .nullable()
      .describe('In which it is paid out, as a lowercase ISO 4217 code.'),
    status: z
      .enum(ACCOUNT_STATUSES)
      .describe('All of it in one word; `requirements` and `capabilities` have the reasons.'),
    charges_enabled: z.boolean().describe('Whether charges can be made for it.'),
    payouts_enabled: z.boolean().describe('Whether it can be paid out.'),
    details_submitted: z
      .boolean()
      .describe('Whether its owner has filled in what Stripe asked for at first.'),
    service_agreement: z
      .string()
      .nullable()
      .describe('full or recipient; null where Stripe names none, which is full.'),
    capabilities: z
      .record(z.string(), z.string())
      .describe('active, inactive, pending or disabled, by capability.'),
    requirements: requirements.describe('What Stripe requires, by its names.'),
    future_requirements: futureRequirements
      .optional()
      .describe('What Stripe will require. Absent in events, and where Stripe cannot be read.'),
    external_accounts: z.array(externalAccount).describe('Where it is paid out to.'),
    payout_schedule: z
      .object({
        interval: z.string().describe('manual, daily, weekly or monthly.'),
        delay_days: z.int().nullable().describe('How long its money is held before it is paid out.'),
        weekly_anchor: z.string().nullable().describe('The weekday of weekly payouts.'),
        monthly_anchor: z.int().nullable().describe('The day of monthly payouts.'),
      })
      .nullable()
      .describe('When Stripe pays out automatically.'),
    settlement: z
      .object({
        country: z.string().nullable().describe('Two-letter country code.'),
        currency: z
          .string()
          .nullable()
          .describe('In which charges are settled, as a lowercase ISO 4217 code.'),
        statement_descriptor: z.string().nullable().describe('What card statements show.'),
        delay_days: z.int().nullable().describe('How long its money is held before it is paid out.'),
      })
      .meta({ description: 'What holds for charges with on_behalf_of this account.' }),
    pending: pendingResource.nullable().optional().meta({
      description: 'Of the account alone, as `needs_attention`.',
    }),
    needs_attention: attentionResource.nullable().optional().meta({
      description: 'What is stuck. Shown by the account alone, not in lists.',
    }),
    metadata: metadataPairs,
    created: rfc3339.nullable().describe('When it was made at Stripe. Null: not yet.'),
  })
  .meta({ id: 'Account', description: 'A connected account, as Stripe shows it.' });

export type AccountResource = z.output<typeof accountResource>;
export type ExternalAccountResource = z.output<typeof externalAccount>;

export const linkResource = z
  .object({
    object: z.enum(['onboarding_link', 'login_link']).describe('Which of the two it is.'),
    url: z.string().meta({ description: 'For the account’s owner alone; opens once.' }),
    expires_at: rfc3339.nullable().describe('When it expires. Null: Stripe does not say.'),
  })
  .meta({ id: 'AccountLink' });
