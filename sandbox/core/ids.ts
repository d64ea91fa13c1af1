import { hash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Base-62 characters that depend on nothing but the arguments. */
export function scramble(seed: string, counter: number, length: number): string {
  const bytes = hash('sha256', `${seed}:${counter}`, 'buffer');
  let text = '';
  for (let i = 0; i < length; i += 1) text += ALPHABET[(bytes[i] ?? 0) % ALPHABET.length];
  return text;
}

/** Digits that depend on nothing but the text; at most 15. */
export function digitsOf(text: string, length: number): string {
  const number = hash('sha256', text, 'buffer').readUIntBE(0, 6);
  return String(number).padStart(length, '1').slice(-length);
}

/**
 * Ids in Stripe's shapes. `next` draws the following number: it lives in the store, so an aborted request gives its
 * numbers back and a restart goes on where it stopped.
 */
export class Ids {
  private readonly seed: string;
  private readonly next: () => number;

  constructor(seed: string, next: () => number) {
    this.seed = seed;
    this.next = next;
  }

  random(length: number): string {
    return scramble(this.seed, this.next(), length);
  }

  /** `pm_1SRznFKXBGcbgpbZE6RFGxCT`: the owner's account shows through in the middle. */
  owned(prefix: string, account: string): string {
    const text = this.random(13);
    return `${prefix}_1${text.slice(0, 5)}${account.slice(-10)}${text.slice(5)}`;
  }

  /** `cus_TOnONcVE3hop1l`, `evt_…`: no owner in it. */
  plain(prefix: string, length = 14): string {
    return `${prefix}_${this.random(length)}`;
  }

  /** What pi_, ch_, tr_, re_ and txn_ of one payment have in common. */
  paymentBase(account: string): string {
    const text = this.random(6);
    return `3${text.slice(0, 5)}${account.slice(-10)}${(text.codePointAt(5) ?? 0) % 2}`;
  }

  ofPayment(prefix: string, base: string): string {
    return `${prefix}_${base}${this.random(7)}`;
  }
}
