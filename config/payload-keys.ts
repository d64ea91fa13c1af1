import { hkdfSync } from 'node:crypto';
import { ConfigError } from './secrets.ts';

const VARIABLE = 'WAYBILL_PAYLOAD_KEYS';
/** Of AES-256. */
const KEY_BYTES = 32;
const NAMED_KEY = /^([\w.-]{1,40}):([A-Za-z0-9+/]{43}=)$/;

export interface PayloadKey {
  id: string;
  key: Buffer;
}

/** Keys of what is stored at Temporal: the first encrypts, the others still decrypt; none: nothing is encrypted. */
export function payloadKeys(given: readonly string[]): PayloadKey[] {
  const keys = given.map(payloadKey);
  if (new Set(keys.map(({ id }) => id)).size < keys.length) {
    throw new ConfigError(VARIABLE, 'has the same id twice: a new key needs a new id');
  }
  return keys;
}

/**
 * What the digests are keyed with by which metadata is found, a secret of its own for each payload key: new orders take the first,
 * and an order keeps the one it was started with. The last is that of plain payloads.
 */
export function metadataKeys(keys: readonly PayloadKey[]): [string, ...string[]] {
  const [first = PLAIN, ...others] = [...keys.map(metadataKeyOf), PLAIN];
  return [first, ...others];
}

const PLAIN = '';

function metadataKeyOf({ key }: PayloadKey): string {
  return Buffer.from(hkdfSync('sha256', key, '', 'waybill metadata digests', KEY_BYTES)).toString('hex');
}

/** The key is never repeated in the message. */
function payloadKey(entry: string, index: number): PayloadKey {
  const [, id, encoded] = NAMED_KEY.exec(entry) ?? [];
  if (id === undefined || encoded === undefined) {
    throw new ConfigError(
      VARIABLE,
      `entry ${index + 1} must be id:key, the key ${KEY_BYTES} bytes in Base64`,
    );
  }
  return { id, key: Buffer.from(encoded, 'base64') };
}
