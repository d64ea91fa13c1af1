import { createHmac, timingSafeEqual } from 'node:crypto';

/** Where a text is good for: one signed for another purpose does not count. */
type Purpose = 'oauth-state' | 'console-session' | 'webhook-test';

/** A value as text: readable by anybody, made by nobody else. */
export function sign(purpose: Purpose, value: unknown, secret: string): string {
  const text = Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${text}.${signature(purpose, text, secret)}`;
}

/** The value behind a text that Waybill signed, however old; undefined: it did not. */
export function verify(purpose: Purpose, signed: string, secret: string): unknown {
  const [text = '', given = '', ...rest] = signed.split('.');
  const isOurs = rest.length === 0 && isSame(given, signature(purpose, text, secret));
  return isOurs ? JSON.parse(Buffer.from(text, 'base64url').toString()) : undefined;
}

/** Compared in constant time: the duration says nothing about either. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function signature(purpose: Purpose, text: string, secret: string): string {
  return createHmac('sha256', secret).update(`${purpose}:${text}`).digest('base64url');
}
