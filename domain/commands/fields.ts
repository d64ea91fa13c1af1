import { z } from 'zod';
import { ORDER_ID_PATTERN } from '../ids.ts';
import { characterCount } from '../texts/texts.ts';

/** Stripe's longest amounts have twelve digits. */
export const AMOUNT_MAX = 999_999_999_999;
const DESCRIPTION_LENGTH_MAX = 1_000;
const REASON_LENGTH_MAX = 500;

/** What the rule for texts refuses, as JSON Schema can say it. */
export const CONTROLS = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u202d\\u202e';
const NO_CONTROL = `^[^${CONTROLS}]*$`;

/** A text of up to so many characters, counted as Stripe and JSON Schema count them: an emoji is one. */
export function textUpTo(lengthMax: number, params?: z.core.$ZodStringParams) {
  return upTo(lengthMax, z.string(params).min(1));
}

/** The same, or nothing at all. */
export function textOrNothing(lengthMax: number) {
  return upTo(lengthMax, z.string());
}

function upTo(lengthMax: number, text: z.ZodString) {
  return text
    .refine((given) => characterCount(given) <= lengthMax, {
      error: `must have at most ${lengthMax} characters`,
    })
    .meta({ maxLength: lengthMax, pattern: NO_CONTROL });
}

/** `hint`: a kind of id that is often given instead, and why it cannot be. */
export function stripeId(prefix: string, example: string, hint?: readonly [RegExp, string]) {
  const ours = new RegExp(`^${prefix}[A-Za-z0-9_]{1,250}$`);
  const error = ({ input }: { input?: unknown }) =>
    hint && typeof input === 'string' && hint[0].test(input)
      ? hint[1]
      : `must be an id that starts with ${prefix}`;
  return z.string().regex(ours, { error }).meta({ example });
}

/** Minor units (cents, yen) of the order's currency. */
const amount = z
  .number()
  .int({ error: 'must be an integer number of minor units (cents), without a fraction', abort: true })
  // As `minimum` in the OpenAPI document: some generators of clients do not read `exclusiveMinimum`.
  .min(1, { error: 'must be greater than 0' })
  .max(AMOUNT_MAX)
  .meta({ description: "Integer, in the currency's minor unit.", example: 1000 });

const orderId = z
  .string()
  // Its own copy: what `domain/ids.ts` exports is frozen in a workflow, and a match moves `lastIndex`.
  .regex(new RegExp(ORDER_ID_PATTERN), {
    error: 'must have 1 to 64 letters, digits, dots, dashes or underscores, and start with a letter or digit',
  })
  .meta({ example: 'order-4711' });

/** What follows the start of {@link ORDER_ID_PATTERN}: generators of clients read one pattern, and drop the type beside two. */
export const ID_PATTERN = ORDER_ID_PATTERN.source.replace(/^\^/, '');

const NOT_PAYABLE =
  'is a customer: customers pay, and nothing can be paid out to them. Money goes to a connected account (acct_…)';
const NOT_CHARGEABLE =
  'is an account’s bank account or debit card: money can be paid out to it and never charged from it. Charge a payment method (pm_…) or a token (tok_…) of the customer';

/** An account, wherever one is named: `AccountIds` finds Stripe's id. */
const account = orderId.regex(/^(?!cus_)/, { error: NOT_PAYABLE }).meta({
  description: 'acct_…, or your own reference.',
  example: 'acct_1WaybillUSCustom',
  pattern: `^(?!cus_)${ID_PATTERN}`,
});

/** Any object's id, as an operator copies it from Stripe's dashboard. */
const anyStripeId = z
  .string()
  .regex(/^[a-z]+_[A-Za-z0-9_]{1,250}$/, { error: 'must be the id of a Stripe object' })
  .meta({ example: 'pi_3OqZkULh2mYx8pQk0VqN' });

const time = z.iso
  .datetime({ offset: true, error: 'must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z' })
  .meta({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' });

/** Why somebody did it. Only the reversal of a transfer shows it at Stripe too. */
const reason = textUpTo(REASON_LENGTH_MAX)
  .regex(/\S/, { error: 'must not be blank' })
  .meta({
    description: 'Why, for the timeline.',
    maxLength: REASON_LENGTH_MAX,
    pattern: `^[^${CONTROLS}]*[^\\s${CONTROLS}][^${CONTROLS}]*$`,
  });

/**
 * The fields of commands. Frozen by itself: Temporal freezes whatever a module of the workflow bundle exports, to the
 * bottom unless it finds it frozen, and a schema completes itself when it is first used.
 */
export const field = Object.freeze({
  amount,
  orderId,
  account,
  paymentMethodId: stripeId('pm_', 'pm_card_visa', [/^(ba|card|btok)_/, NOT_CHARGEABLE]),
  tokenId: stripeId('tok_', 'tok_visa', [/^(ba|card|btok)_/, NOT_CHARGEABLE]),
  transferId: stripeId('tr_', 'tr_3OqZkULh2mYx8pQk0VqN').describe('The special-case transfer (tr_…).'),
  disputeId: z
    .string()
    .regex(/^(dp|du)_[A-Za-z0-9]{1,250}$/, { error: 'must be the id of a dispute (dp_…)' })
    .meta({ description: 'Needed only where several disputes are open.' }),
  anyStripeId,
  time,
  description: textUpTo(DESCRIPTION_LENGTH_MAX),
  reason,
});
