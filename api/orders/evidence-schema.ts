import { z } from 'zod';
import { field, textUpTo } from '../../domain/commands/fields.ts';
import { unless } from '../../domain/commands/rules.ts';
import { characterCount } from '../../domain/texts/texts.ts';

/** Characters of one text, and of all together (docs.stripe.com/api/disputes/update). */
const TEXT_LENGTH_MAX = 20_000;
const ALL_LENGTH_MAX = 150_000;

const EVIDENCE_TEXTS = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_tracking_number',
  'uncategorized_text',
] as const;

/** Ids of files that were uploaded to Stripe before. */
const EVIDENCE_FILES = [
  'cancellation_policy',
  'customer_communication',
  'customer_signature',
  'duplicate_charge_documentation',
  'receipt',
  'refund_policy',
  'service_documentation',
  'shipping_documentation',
  'uncategorized_file',
] as const;

const text = textUpTo(TEXT_LENGTH_MAX).optional();
const file = z
  .string()
  .regex(/^file_[A-Za-z0-9]{1,250}$/, { error: 'must be the id of a file uploaded to Stripe (file_…)' })
  .optional();

/** Each name with the same schema, kept as types: what Stripe's client takes. */
function fields<Name extends string, Schema extends z.ZodType>(names: readonly Name[], schema: Schema) {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, Schema>;
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
    ...unless({ submit: [true] }, { required: ['evidence'], properties: { evidence: { minProperties: 1 } } }),
  });

function sum(texts: readonly (string | undefined)[]): number {
  return texts.reduce((total, one = '') => total + characterCount(one), 0);
}

export type EvidenceBody = z.output<typeof evidenceBody>;
