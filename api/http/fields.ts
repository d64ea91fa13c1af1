import { z } from 'zod';
import { METADATA_KEYS_MAX, ORDER_ID_PATTERN, RESERVED_METADATA_PREFIX } from '../../domain/ids.ts';
import { CURRENCIES, currencyRules } from '../../domain/money/currencies.ts';
import { OUTGOING_EVENT_ID_PATTERN } from '../../domain/outgoing-events/event-ids.ts';
import { characterCount } from '../../domain/texts/texts.ts';
import { brokenRuleOfUrl } from './web-url.ts';

/** Stripe's longest amounts have twelve digits. */
const AMOUNT_MAX = 999_999_999_999;
const METADATA_KEY_LENGTH_MAX = 40;
const METADATA_VALUE_LENGTH_MAX = 500;
const DESCRIPTION_LENGTH_MAX = 1_000;
const EMAIL_LENGTH_MAX = 512;
const REASON_LENGTH_MAX = 500;
const STATEMENT_DESCRIPTOR_MAX = 22;

/** Minor units (cents, yen) of the order's currency. */
export const amount = z
  .number()
  .int({ error: 'must be an integer number of minor units (cents), without a fraction' })
  .positive({ error: 'must be greater than 0' })
  .max(AMOUNT_MAX)
  .meta({ description: "Integer, in the currency's minor unit.", example: 1000 });

/** The same of what may be left out, as Stripe takes it: 0 is none. */
export const amountOrNone = z
  .number()
  .int({ error: 'must be an integer number of minor units (cents), without a fraction' })
  .nonnegative({ error: 'must be 0 or more' })
  .max(AMOUNT_MAX);

export const currency = z
  .string()
  .regex(/^[a-z]{3}$/, { error: 'must be a lowercase three-letter currency code, such as usd', abort: true })
  .refine((code) => currencyRules(code) !== undefined, { error: 'is not a currency that Stripe presents in' })
  .meta({ id: 'Currency', description: 'Lowercase ISO 4217 code.', example: 'usd', enum: [...CURRENCIES] });

export const orderId = z
  .string()
  .regex(ORDER_ID_PATTERN, {
    error: 'must have 1 to 64 letters, digits, dots, dashes or underscores, and start with a letter or digit',
  })
  .meta({ example: 'order-4711' });

/** The caller's own id of an account; Stripe's ids cannot be given. */
export const accountReference = orderId
  .regex(/^(?!acct_|cus_)/, { error: 'must not start with acct_ or cus_, as Stripe’s own ids do' })
  .meta({ example: 'seller-7', allOf: [{ pattern: '^(?!acct_|cus_)' }] });

const NOT_PAYABLE =
  'is a customer: customers pay, and nothing can be paid out to them. Money goes to a connected account (acct_…)';
const NOT_CHARGEABLE =
  'is an account’s bank account or debit card: money can be paid out to it and never charged from it. Charge a payment method (pm_…) or a token (tok_…) of the customer';

/** An account, wherever one is named: `AccountIds` finds Stripe's id. */
export const account = orderId.regex(/^(?!cus_)/, { error: NOT_PAYABLE }).meta({
  description: 'acct_…, or your own reference.',
  example: 'acct_1WaybillUSCustom',
  allOf: [{ pattern: '^(?!cus_)' }],
});
export const paymentMethodId = stripeId('pm_', 'pm_card_visa', [/^(ba|card|btok)_/, NOT_CHARGEABLE]);
export const tokenId = stripeId('tok_', 'tok_visa', [/^(ba|card|btok)_/, NOT_CHARGEABLE]);
export const paymentIntentId = stripeId('pi_', 'pi_3OqZkULh2mYx8pQk0VqN');
export const transferId = stripeId('tr_', 'tr_3OqZkULh2mYx8pQk0VqN');
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

export const outgoingEventId = z
  .string()
  .regex(OUTGOING_EVENT_ID_PATTERN, { error: 'must be the id of an event' })
  .meta({ example: 'evt_order-4711~1' });

/** Any object's id, as an operator copies it from Stripe's dashboard. */
export const anyStripeId = z
  .string()
  .regex(/^[a-z]+_[A-Za-z0-9_]{1,250}$/, { error: 'must be the id of a Stripe object' })
  .meta({ example: 'pi_3OqZkULh2mYx8pQk0VqN' });

/** What the rule for texts refuses, as JSON Schema can say it. */
const CONTROLS = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u202d\\u202e';
const NO_CONTROL = `^[^${CONTROLS}]*$`;

/** A text of up to so many characters, counted as Stripe and JSON Schema count them: an emoji is one. */
export function textUpTo(lengthMax: number, params?: z.core.$ZodStringParams) {
  return z
    .string(params)
    .min(1)
    .refine((text) => characterCount(text) <= lengthMax, {
      error: `must have at most ${lengthMax} characters`,
    })
    .meta({ maxLength: lengthMax, pattern: NO_CONTROL });
}

/** The same, or nothing at all. */
export function textOrNothing(lengthMax: number) {
  return z.string().max(lengthMax).meta({ pattern: NO_CONTROL });
}

export const description = textUpTo(DESCRIPTION_LENGTH_MAX);

/** Why an operator did it, for the timeline. */
export const operatorReason = textUpTo(REASON_LENGTH_MAX)
  .regex(/\S/, { error: 'must not be blank' })
  .meta({ maxLength: REASON_LENGTH_MAX, pattern: NO_CONTROL, allOf: [{ pattern: '\\S' }] });

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

/** `ours`: keys that Waybill adds to the object at Stripe, which count as well. */
export function metadataBeside(ours: object) {
  const keysMax = METADATA_KEYS_MAX - Object.keys(ours).length;
  return z
    .record(metadataKey, textUpTo(METADATA_VALUE_LENGTH_MAX))
    .refine((pairs) => Object.keys(pairs).length <= keysMax, {
      error: `must have at most ${keysMax} keys: Stripe takes ${METADATA_KEYS_MAX}, and Waybill adds its own`,
    })
    .meta({
      maxProperties: keysMax,
      propertyNames: {
        type: 'string',
        minLength: 1,
        maxLength: METADATA_KEY_LENGTH_MAX,
        pattern: `^(?!${RESERVED_METADATA_PREFIX})[^${CONTROLS}\\[\\]]+$`,
      },
    });
}

const metadataKey = textUpTo(METADATA_KEY_LENGTH_MAX)
  .regex(/^[^[\]]+$/, { error: 'must be a name without square brackets' })
  .refine((key) => !key.startsWith(RESERVED_METADATA_PREFIX), {
    error: `uses the prefix ${RESERVED_METADATA_PREFIX}, which is Waybill's own`,
  });

/** `hint`: a kind of id that is often given instead, and why it cannot be. */
export function stripeId(prefix: string, example: string, hint?: readonly [RegExp, string]) {
  const ours = new RegExp(`^${prefix}[A-Za-z0-9_]{1,250}$`);
  const error = ({ input }: { input?: unknown }) =>
    hint && typeof input === 'string' && hint[0].test(input)
      ? hint[1]
      : `must be an id that starts with ${prefix}`;
  return z.string().regex(ours, { error }).meta({ example });
}

export const nothingBody = z.strictObject({});
