import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

/** An AES-256 key and the name under which payloads say that it encrypted them. */
export interface PayloadKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

const ENCODING = 'binary/encrypted';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/**
 * Encrypts what Temporal stores of a payment: arguments, results, memos, summaries, and through the failure converter messages
 * and stacks. The first key encrypts, all of them decrypt, so that a key is replaced without losing what it encrypted. What was
 * stored before encryption was turned on is still read.
 */
export class PayloadEncryption implements PayloadCodec {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #current: PayloadKey;

  constructor(keys: readonly [PayloadKey, ...PayloadKey[]]) {
    this.#keys = new Map(keys.map(({ id, key }) => [id, key]));
    [this.#current] = keys;
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => this.#encrypt(payload));
  }

  /** Throws for a key that it does not have, and for a payload that somebody changed. */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) =>
      textOf(payload, 'encoding') === ENCODING ? this.#decrypt(payload) : payload,
    );
  }

  #encrypt(payload: Payload): Payload {
    const { id, key } = this.#current;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(id));
    const encrypted = [cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()];
    return {
      metadata: { encoding: Buffer.from(ENCODING), 'encryption-key-id': Buffer.from(id) },
      data: Buffer.concat([nonce, cipher.getAuthTag(), ...encrypted]),
    };
  }

  #decrypt(payload: Payload): Payload {
    const id = textOf(payload, 'encryption-key-id');
    const key = this.#keys.get(id);
    if (!key)
      throw new Error(
        `A payload is encrypted with the key ${id || '(unnamed)'}, which WAYBILL_PAYLOAD_KEYS lacks`,
      );
    const data = payload.data ?? new Uint8Array();
    const [nonce, tag] = [data.subarray(0, NONCE_BYTES), data.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)];
    const decipher = createDecipheriv(CIPHER, key, nonce).setAAD(Buffer.from(id)).setAuthTag(tag);
    const plain = [decipher.update(data.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()];
    return PayloadMessage.decode(Buffer.concat(plain));
  }
}

function textOf({ metadata }: Payload, name: string): string {
  return Buffer.from(metadata?.[name] ?? []).toString();
}
