import { z } from 'zod';
import { field, textUpTo } from '../../domain/commands/fields.ts';
import { unless } from '../../domain/commands/rules.ts';
import { characterCount } from '../../domain/texts/texts.ts';

/** Characters of one text, and of all together (docs.stripe.com/api/disputes/update). */
const TEXT_LENGTH_MAX = 20_000;
const ALL_LENGTH_MAX = 150_000;

const EVIDENCE_TEXTS = {
  access_activity_log: 'Server or activity logs that show that the customer used what was bought.',
  billing_address: 'The billing address that the customer gave.',
  cancellation_policy_disclosure:
    'How and when the customer was shown the cancellation policy before buying.',
  cancellation_rebuttal: 'Why the subscription was not canceled.',
  customer_email_address: 'The customer’s e-mail address.',
  customer_name: 'The customer’s name.',
  customer_purchase_ip: 'The IP address from which the customer bought.',
  duplicate_charge_explanation: 'How the disputed charge differs from the one that it seems to repeat.',
  duplicate_charge_id: 'Stripe’s id of the charge that the disputed one seems to repeat.',
  product_description: 'What was sold.',
  refund_policy_disclosure: 'How and when the customer was shown the refund policy before buying.',
  refund_refusal_explanation: 'Why the customer is not entitled to a refund.',
  service_date: 'When the service was received or began, in readable form.',
  shipping_address: 'The address to which the product was sent.',
  shipping_carrier: 'Who delivered the product, such as UPS.',
  shipping_date: 'When the product was sent, in readable form.',
  shipping_tracking_number: 'The tracking number; several are separated by commas.',
  uncategorized_text: 'Anything more that speaks for you.',
} as const;

/** Ids of files that were uploaded to Stripe before. */
const EVIDENCE_FILES = {
  cancellation_policy: 'The cancellation policy, as the customer was shown it.',
  customer_communication: 'Messages with the customer that speak for you.',
  customer_signature: 'A document that shows the customer’s signature.',
  duplicate_charge_documentation:
    'Papers of the charge that the disputed one seems to repeat, such as a receipt.',
  receipt: 'The receipt or a message to the customer about the charge.',
  refund_policy: 'The refund policy, as the customer was shown it.',
  service_documentation: 'Proof that the service was rendered, such as a signed contract.',
  shipping_documentation: 'Proof that the product was sent to the address that the customer gave.',
  uncategorized_file: 'Any other paper that speaks for you.',
} as const;

const text = textUpTo(TEXT_LENGTH_MAX).optional();
const file = z
  .string()
  .regex(/^file_[A-Za-z0-9]{1,250}$/, { error: 'must be the id of a file uploaded to Stripe (file_…)' })
  .optional();

/** Each name with the same schema and its own description, kept as types: what Stripe's client takes. */
function fields<Name extends string, Schema extends z.ZodType>(
  descriptions: Readonly<Record<Name, string>>,
  schema: Schema,
) {
  const entries = Object.entries<string>(descriptions).map(([name, said]) => [name, schema.describe(said)]);
  return Object.fromEntries(entries) as Record<Name, Schema>;
}

/** Body of `POST /v1/orders/{id}/dispute/evidence`: Stripe's own fields. */
export const evidenceBody = z
  .strictObject({
    dispute: field.disputeId.optional(),
    evidence: z
      .strictObject({ ...fields(EVIDENCE_TEXTS, text), ...fields(EVIDENCE_FILES, file) })
      .refine((evidence) => sum(Object.values(evidence)) <= ALL_LENGTH_MAX, {
        error: `must have at most ${ALL_LENGTH_MAX} characters in all`,
      })
      .default({})
      .describe("Stripe's own fields: texts, and ids of uploaded files."),
    submit: z.boolean().meta({
      description: 'true: it goes to the bank, once and for good. false: it is kept at Stripe until then.',
    }),
    reason: field.reason.optional(),
  })
  .superRefine(({ evidence, submit }, context) => {
    if (!submit && Object.keys(evidence).length === 0) {
      context.addIssue({
        code: 'custom',
        path: ['evidence'],
        message: 'is required unless submit is true',
      });
    }
  })
  .meta({
    id: 'DisputeEvidence',
    example: { evidence: { product_description: 'Rollerskates, size 42' }, submit: false },
    allOf: [
      unless({ submit: [true] }, { required: ['evidence'], properties: { evidence: { minProperties: 1 } } }),
    ],
  });

function sum(texts: readonly (string | undefined)[]): number {
  return texts.reduce((total, one = '') => total + characterCount(one), 0);
}

export type EvidenceBody = z.output<typeof evidenceBody>;
