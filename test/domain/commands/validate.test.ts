import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { field, stripeId } from '../../../domain/commands/fields.ts';
import { validate } from '../../../domain/commands/validate.ts';

const schema = z.strictObject({
  amount: field.amount.optional(),
  reason: z.enum(['duplicate', 'fraudulent']).optional(),
  description: field.description.optional(),
  destination: field.account.optional(),
  method: field.paymentMethodId.optional(),
  phone: z.string().max(30).optional(),
  count: z.int().min(2).optional(),
  metadata: z.record(z.string().regex(/^[a-z]+$/, { error: 'must be lowercase' }), z.string()).optional(),
  list: z.array(z.unknown()).optional(),
});
const refusalOf = (value: unknown, of: z.ZodType = schema) => validate(of, value).refusal;

describe('what comes in', () => {
  it('is given back as it was parsed', () => {
    const withDefault = z.strictObject({ final: z.boolean().default(true) });
    expect(validate(withDefault, {})).toEqual({ value: { final: true }, refusal: null });
  });

  it('is refused with every field that is wrong', () => {
    expect(refusalOf({ amount: 0, reason: 'bored', more: 1 })).toMatchObject({
      code: 'invalid_request',
      param: 'amount',
      errors: [
        { param: 'amount', detail: 'amount must be greater than 0.' },
        { param: 'reason', detail: 'reason must be one of duplicate, fraudulent.' },
        { param: 'more', detail: 'Unknown field: more.' },
      ],
    });
  });

  it.each<[unknown, string]>([
    [null, 'The body must be an object, not null.'],
    [[], 'The body must be an object, not an array.'],
    [{ metadata: 'cart' }, 'metadata must be an object, not a string.'],
    ['a\0b', 'The body must have no control characters but tab and line breaks.'],
    [{ amount: '5' }, 'amount must be a number, not a string.'],
    [{ amount: Number.POSITIVE_INFINITY }, 'amount must be a number, not one that large.'],
    [{ amount: 1.5 }, 'amount must be an integer number of minor units (cents), without a fraction.'],
    [{ amount: 1e12 }, 'amount must be at most 999999999999.'],
    [{ count: 2.5 }, 'count must be an integer, not a fraction.'],
    [{ count: 1 }, 'count must be at least 2.'],
    [{ list: 5 }, 'list must be an array, not a number.'],
    [{ description: '' }, 'description must not be empty.'],
    [{ phone: '1'.repeat(31) }, 'phone must have at most 30 characters.'],
    [{ description: 'x'.repeat(1_001) }, 'description must have at most 1000 characters.'],
    [{ destination: 'cus_1' }, 'destination is a customer'],
    [{ method: 'tok_visa' }, 'method must be an id that starts with pm_.'],
    [{ method: 'ba_1' }, 'method is an account’s bank account or debit card'],
    [{ metadata: { A: 'b' } }, 'metadata[A] must be lowercase.'],
    [{ metadata: { 'a\u202e': 'b' } }, 'metadata has a field whose name must have no characters'],
    [{ 'a\0': 1 }, 'The body has a field whose name must have no control characters'],
    [{ description: 'a\ud83c' }, 'description must be well-formed Unicode'],
    [{ description: '4242 4242 4242 4242' }, 'description must not contain a card number'],
    [{ metadata: { phone: '4242424242424242' } }, 'metadata[phone] must not contain a card number'],
    [JSON.parse(`{"list":${'['.repeat(30)}${']'.repeat(30)}}`), 'list is nested too deeply.'],
  ])('%j is refused by name: %s', (value, detail) => {
    expect(refusalOf(value)?.detail).toContain(detail);
  });

  it('may hold a number of another kind where one is asked for', () => {
    expect(refusalOf({ phone: '4242424242424242' })).toBeNull();
  });

  it('is refused as a whole where a rule is about all of it', () => {
    const some = schema.refine((body) => Object.keys(body).length > 0, { error: 'changes nothing' });
    expect(refusalOf({}, some)?.detail).toBe('The body changes nothing.');
  });

  it('is required where the schema says so', () => {
    expect(refusalOf({}, z.object({ id: stripeId('tr_', 'tr_1') }))?.detail).toBe('id is required.');
  });
});
