import { z } from 'zod';
import {
  AMOUNT_MAX,
  field,
  ID_PATTERN,
  stripeId,
  textOrNothing,
  textUpTo,
} from '../../domain/commands/fields.ts';
import { metadataBeside } from '../../domain/commands/metadata-fields.ts';
import { CURRENCIES, currencyRules, PAYOUT_CURRENCIES } from '../../domain/money/currencies.ts';
import { OUTGOING_EVENT_ID_PATTERN } from '../../domain/outgoing-events/event-ids.ts';
import { brokenRuleOfUrl } from './web-url.ts';

export { metadataBeside, stripeId, textOrNothing, textUpTo };
/** What commands have too. */
export const { amount, orderId, account, paymentMethodId, tokenId, anyStripeId, description, reason } = field;

const EMAIL_LENGTH_MAX = 512;
const STATEMENT_DESCRIPTOR_MAX = 22;

/** Minor units of what may be left out, as Stripe takes it: 0 is none. */
export const amountOrNone = z
  .number()
  .int({ error: 'must be an integer number of minor units (cents), without a fraction' })
  .nonnegative({ error: 'must be 0 or more' })
  .max(AMOUNT_MAX);

const currencyCode = z
  .string()
  .regex(/^[a-z]{3}$/, { error: 'must be a lowercase three-letter currency code, such as usd', abort: true });

export const currency = currencyCode
  .refine((code) => currencyRules(code) !== undefined, { error: 'is not a currency that Stripe presents in' })
  .meta({ id: 'Currency', description: 'Lowercase ISO 4217 code.', example: 'usd', enum: [...CURRENCIES] });

export const payoutCurrency = currencyCode
  .refine((code) => PAYOUT_CURRENCIES.includes(code), { error: 'is not a currency that Stripe pays out in' })
  .meta({
    id: 'PayoutCurrency',
    description: 'Lowercase ISO 4217 code.',
    example: 'usd',
    enum: [...PAYOUT_CURRENCIES],
  });

/** The caller's own id of an order; its path would be that of the preview of a new one. */
export const newOrderId = field.orderId
  .regex(/^(?!preview$)/, { error: 'must not be preview: that is the path of the preview of a new order' })
  .meta({ pattern: `^(?!preview$)${ID_PATTERN}` });

/** The caller's own id of an account; Stripe's ids cannot be given. */
export const accountReference = field.orderId
  .regex(/^(?!acct_|cus_)/, { error: 'must not start with acct_ or cus_, as Stripe’s own ids do' })
  .meta({ example: 'seller-7', pattern: `^(?!acct_|cus_)${ID_PATTERN}` });

export const paymentIntentId = stripeId('pi_', 'pi_3OqZkULh2mYx8pQk0VqN');
export const chargeId = stripeId('ch_', 'ch_3OqZkULh2mYx8pQk0VqN');
export const customerId = stripeId('cus_', 'cus_OqZkUeTRJp8Y3v');

export const email = z
  .string()
  .regex(/^[A-Za-z0-9_+-]+([.'][A-Za-z0-9_+-]+)*@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/, {
    error: 'must be an e-mail address',
  })
  .max(EMAIL_LENGTH_MAX)
  .meta({ example: 'jenny@example.com' });

/** A missing value, or one that is no text, gets the same error as any other field. */
export const notAUrl = ({ input }: { readonly input?: unknown }): string | undefined =>
  typeof input === 'string' ? 'must be an https URL' : undefined;

/** A page of the caller's: https, or with the sandbox plain http on the same machine (`refusePlainHttp`). */
export const webUrl = urlOf({ allowLoopback: true });

/** A business's own site. */
export const siteUrl = urlOf({ allowLoopback: false });

function urlOf({ allowLoopback }: { readonly allowLoopback: boolean }) {
  return z
    .url({ protocol: /^https?$/, error: notAUrl, abort: true })
    .max(2048)
    .superRefine((url, ctx) => {
      const message = brokenRuleOfUrl(url, allowLoopback);
      if (message) ctx.addIssue({ code: 'custom', message });
    })
    .meta({ pattern: `^https://[A-Za-z0-9]${allowLoopback ? '|^http://(localhost|127\\.0\\.0\\.1)' : ''}` });
}

/** Of a subscription to events. */
export const eventSubscriptionId = z
  .string()
  .regex(/^wes_[0-9a-f]{24}$/, { error: 'must be the id of an event subscription' })
  .meta({ example: 'wes_0123456789abcdef01234567' });

/** Of a payout of Waybill's. */
export const payoutId = z
  .string()
  .regex(/^wpo_[0-9a-f]{24}$/, { error: 'must be the id of a payout of Waybill: wpo_…' });

export const outgoingEventId = z
  .string()
  .regex(OUTGOING_EVENT_ID_PATTERN, { error: 'must be the id of an event' })
  .meta({ example: 'evt_order~order-4711~1' });

const LATIN_LETTERS = 'A-Za-zÀ-ÖØ-öø-ɏ';
/** What statements of banks show: letters, digits and signs, but for < > \ ' " and *. */
const LATIN = ` !#-&()+-;=?-\\[\\]-~${LATIN_LETTERS}`;

/** With at least one letter. */
function latinText(lengthMin: number, lengthMax: number) {
  return z
    .string()
    .min(lengthMin)
    .max(lengthMax)
    .regex(new RegExp(`^[${LATIN}]*[${LATIN_LETTERS}][${LATIN}]*$`), {
      error: `must have ${lengthMin} to ${lengthMax} Latin characters, at least one letter, and none of < > \\ ' " *`,
    });
}

export const statementDescriptor = latinText(5, STATEMENT_DESCRIPTOR_MAX);

/** A card statement shows the prefix of the settlement merchant, of two characters at least, `* ` and this. */
export const statementDescriptorSuffix = latinText(1, STATEMENT_DESCRIPTOR_MAX - 'ab* '.length);

/** What a bank's statement shows of a payout. */
export const payoutDescriptor = z.string().regex(new RegExp(`^[${LATIN}]{1,${STATEMENT_DESCRIPTOR_MAX}}$`), {
  error: `must have 1 to ${STATEMENT_DESCRIPTOR_MAX} Latin characters, and none of < > \\ ' " *`,
});

export const nothingBody = z.strictObject({}).meta({ example: {} });
