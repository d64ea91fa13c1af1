import type { z } from 'zod';
import type {
  AccountChanges,
  AccountTerms,
  PayoutScheduleChange,
} from '../../domain/accounts/account-terms.ts';
import type { CreateAccountBody, payoutScheduleBody, UpdateAccountBody } from './account-commands-schema.ts';

/** A request's body as the terms of a new account. `tokens`: what its identity data and bank numbers became. */
export function accountTerms(body: CreateAccountBody, tokens: AccountChanges): AccountTerms {
  return {
    type: body.type ?? null,
    controller: body.controller ?? null,
    country: body.country ?? null,
    serviceAgreement: body.service_agreement ?? null,
    ...accountChanges(body, tokens),
    ...(body.payout_schedule === undefined ? {} : { payoutSchedule: payoutSchedule(body.payout_schedule) }),
  };
}

/** The same for an account that is there. */
export function accountChanges(
  body: CreateAccountBody | UpdateAccountBody,
  tokens: AccountChanges,
): AccountChanges {
  return {
    ...tokens,
    ...(body.email === undefined ? {} : { email: body.email }),
    ...(body.business_profile === undefined ? {} : { businessProfile: body.business_profile }),
    ...(body.capabilities === undefined ? {} : { capabilities: body.capabilities }),
    ...(body.default_currency === undefined ? {} : { defaultCurrency: body.default_currency }),
    ...(body.statement_descriptor === undefined ? {} : { statementDescriptor: body.statement_descriptor }),
    ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
  };
}

export function payoutSchedule(body: z.output<typeof payoutScheduleBody>): PayoutScheduleChange {
  return {
    interval: body.interval,
    delayDays: body.delay_days ?? null,
    weeklyAnchor: body.weekly_anchor ?? null,
    monthlyAnchor: body.monthly_anchor ?? null,
  };
}
