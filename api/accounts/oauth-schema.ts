import { z } from 'zod';
import { rfc3339 } from '../http/common.ts';
import * as field from '../http/fields.ts';

export const authorizeQuery = z.strictObject({
  id: field.accountReference.optional().meta({ description: 'The caller’s own reference of the account.' }),
  return_url: field.webUrl.optional().meta({
    description: 'Where the owner’s browser goes afterwards, with `account` and `reference`, or `error`.',
  }),
  redirect_uri: field.webUrl.meta({
    description: 'Where Stripe sends the owner back to: this API’s callback, as it is registered at Stripe.',
  }),
});

export const authorizationResource = z
  .object({
    object: z.literal('oauth_authorization'),
    url: z.string().meta({ description: 'Send the account’s owner there.' }),
    reference: z.string().describe('Your own reference of the account, or the one that Waybill made.'),
    expires_at: rfc3339.describe('The owner has to come back by then.'),
  })
  .meta({ id: 'OAuthAuthorization' });

/** What Stripe sends the owner's browser back with. */
export const callbackQuery = z.strictObject({
  state: field.textUpTo(4_000).describe('The state that Waybill gave Stripe, signed.'),
  code: field.textUpTo(500).optional().describe('What Waybill exchanges for the account.'),
  scope: field.textOrNothing(100).optional().describe('What the owner allows, by Stripe’s names.'),
  error: field.textOrNothing(100).optional().describe('Why the owner did not connect, by Stripe’s names.'),
  error_description: field.textOrNothing(1_000).optional().describe('The same, in a sentence.'),
});

export const connectionResource = z
  .object({
    object: z.literal('oauth_connection'),
    account: z.string().nullable().describe("Stripe's id (acct_…). Null: not connected yet."),
    reference: z.string().describe('The reference of the account.'),
    status: z
      .enum(['connected', 'pending'])
      .meta({ description: '`pending`: being connected; repeat to ask.' }),
  })
  .meta({ id: 'OAuthConnection' });
