import { z } from 'zod';
import { METADATA_KEYS_MAX, RESERVED_METADATA_PREFIX } from '../ids.ts';
import { CONTROLS, textOrNothing, textUpTo } from './fields.ts';

const KEY_LENGTH_MAX = 40;
const VALUE_LENGTH_MAX = 500;

/** `ours`: keys that Waybill adds to the object at Stripe, which count as well. */
export function metadataBeside(ours: object) {
  const keysMax = METADATA_KEYS_MAX - Object.keys(ours).length;
  return z
    .record(metadataKey(), textUpTo(VALUE_LENGTH_MAX))
    .refine((pairs) => Object.keys(pairs).length <= keysMax, {
      error: `must have at most ${keysMax} keys: Stripe takes ${METADATA_KEYS_MAX}, and Waybill adds its own`,
    })
    .meta({ maxProperties: keysMax, propertyNames: keyNames() });
}

/** Some of an object's pairs, to be merged with those it has: an empty value removes its key. */
export function metadataChanges() {
  return z
    .record(metadataKey(), textOrNothing(VALUE_LENGTH_MAX))
    .refine((pairs) => Object.keys(pairs).length > 0, { error: 'must name a key' })
    .refine((pairs) => Object.keys(pairs).length <= METADATA_KEYS_MAX, {
      error: `must have at most ${METADATA_KEYS_MAX} keys`,
    })
    .meta({ minProperties: 1, maxProperties: METADATA_KEYS_MAX, propertyNames: keyNames() });
}

function metadataKey() {
  return textUpTo(KEY_LENGTH_MAX)
    .regex(/^[^[\]]+$/, { error: 'must be a name without square brackets' })
    .refine((key) => !key.startsWith(RESERVED_METADATA_PREFIX), {
      error: `uses the prefix ${RESERVED_METADATA_PREFIX}, which is Waybill's own`,
    });
}

/** The same for JSON Schema. */
function keyNames() {
  return {
    type: 'string' as const,
    minLength: 1,
    maxLength: KEY_LENGTH_MAX,
    pattern: `^(?!${RESERVED_METADATA_PREFIX})[^${CONTROLS}\\[\\]]+$`,
  };
}
