import { createHash } from 'node:crypto';

/** Characters: enough to tell keys apart, and no help in finding one of 32 random characters. */
const LENGTH = 8;
const MARK = ' events-key:';

function fingerprintOf(key: string | null): string {
  return key === null
    ? 'none'
    : createHash('sha256').update(`fingerprint:${key}`).digest('hex').slice(0, LENGTH);
}

/** The identity of a worker that signs events: by it everybody who asks Temporal sees which workers have the same key. */
export function identityWithKey(process: string, key: string | null): string {
  return `${process}${MARK}${fingerprintOf(key)}`;
}

/** Whether a worker of that identity signs with another key; one that says nothing of its key does not. */
export function hasOtherKey(identity: string, key: string | null): boolean {
  return identity.includes(MARK) && identity !== identityWithKey(identity.split(MARK)[0] ?? '', key);
}
