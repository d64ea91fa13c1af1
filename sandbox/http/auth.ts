import { unauthorized } from './errors.ts';

export function keyFrom(header: string | undefined): string | undefined {
  const [scheme = '', value = ''] = (header ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() === 'basic') return Buffer.from(value, 'base64').toString('utf8').split(':')[0];
  return undefined;
}

/** How Stripe writes a key into a message. */
export function keyHint(key: string): string {
  return `${key.slice(0, 8)}${'*'.repeat(Math.max(key.length - 12, 0))}${key.slice(-4)}`;
}

/** Who asks: the platform's servers with its secret key, or a customer's browser with the publishable one. */
export type Caller = 'secret' | 'publishable';

/** The publishable key beside a secret one. */
function publishableKeyOf(platformKey: string): string {
  return platformKey.replace(/^sk_/, 'pk_');
}

export function authenticate(header: string | undefined, platformKey: string): Caller {
  const key = keyFrom(header);
  if (!key) {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
    );
  }
  if (key === platformKey) return 'secret';
  if (key === publishableKeyOf(platformKey)) return 'publishable';
  throw unauthorized(`Invalid API Key provided: ${keyHint(key)}`);
}
