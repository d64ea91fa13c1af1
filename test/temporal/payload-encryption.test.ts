import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import { expect, it } from 'vitest';
import { PayloadEncryption } from '../../temporal/payload-encryption.ts';

const OLD = { id: '2026-01', key: Buffer.alloc(32, 1) };
const NEW = { id: '2026-07', key: Buffer.alloc(32, 2) };
const SECRET = { description: 'for Ada, 10.00 USD' };

const payload = () => defaultPayloadConverter.toPayload(SECRET) as Payload;

async function readWith(codec: PayloadEncryption, stored: Payload[]): Promise<unknown> {
  const [decoded] = await codec.decode(stored);
  return decoded && defaultPayloadConverter.fromPayload(decoded);
}

it('a payload is stored unreadable, and says which key encrypted it', async () => {
  const [stored] = await new PayloadEncryption([OLD]).encode([payload()]);
  expect(Buffer.from(stored?.metadata?.['encryption-key-id'] ?? []).toString()).toBe('2026-01');
  expect(Buffer.from(stored?.data ?? []).toString('latin1')).not.toContain('Ada');
  expect(await readWith(new PayloadEncryption([OLD]), stored ? [stored] : [])).toEqual(SECRET);
});

it('the same value is never stored the same way twice', async () => {
  const [one, two] = await new PayloadEncryption([OLD]).encode([payload(), payload()]);
  expect(one?.data).not.toEqual(two?.data);
});

it('after a rotation the new key encrypts, and what the old one encrypted is still read', async () => {
  const before = await new PayloadEncryption([OLD]).encode([payload()]);
  const rotated = new PayloadEncryption([NEW, OLD]);
  expect(await readWith(rotated, before)).toEqual(SECRET);
  const after = await rotated.encode([payload()]);
  expect(await readWith(new PayloadEncryption([NEW]), after)).toEqual(SECRET);
});

it('what was stored before encryption was turned on is read as it is', async () => {
  expect(await readWith(new PayloadEncryption([OLD]), [payload()])).toEqual(SECRET);
});

it('a key that is not there is named', async () => {
  const stored = await new PayloadEncryption([OLD]).encode([payload()]);
  await expect(new PayloadEncryption([NEW]).decode(stored)).rejects.toThrow(
    'encrypted with the key 2026-01, which WAYBILL_PAYLOAD_KEYS lacks',
  );
});

it.each([
  ['a byte of it', (stored: Payload) => ({ ...stored, data: flipped(stored.data ?? new Uint8Array()) })],
  [
    'the name of its key',
    (stored: Payload) => ({
      ...stored,
      metadata: { ...stored.metadata, 'encryption-key-id': Buffer.from('2026-07') },
    }),
  ],
])('a payload of which somebody changed %s is refused', async (_, changed) => {
  const [stored] = await new PayloadEncryption([OLD]).encode([payload()]);
  const twins = new PayloadEncryption([OLD, { id: '2026-07', key: OLD.key }]);
  await expect(twins.decode(stored ? [changed(stored)] : [])).rejects.toThrow();
});

function flipped(data: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(data);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}
