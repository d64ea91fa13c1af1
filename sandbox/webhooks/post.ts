import { signatureHeader } from './signature.ts';

interface PostOptions {
  secrets: readonly string[];
  timeoutMs: number;
  signal: AbortSignal;
}

/** One signed POST; whatever goes wrong is an answer of its own kind, never an exception. */
export async function postEvent(
  url: string,
  body: string,
  { secrets, timeoutMs, signal }: PostOptions,
): Promise<{ status: number | null; error: string | null }> {
  // The receiver compares with its own clock, which nobody moves: here the real time counts, not the sandbox's.
  const signedAt = Math.floor(Date.now() / 1000);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'Stripe-Signature': signatureHeader(body, secrets, signedAt),
      },
      body,
      // Stripe follows no redirect: a 3xx is a failure.
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    await response.body?.cancel();
    return { status: response.status, error: null };
  } catch (error) {
    return { status: null, error: timeout.aborted ? 'timed_out' : reasonOf(error) };
  }
}

/** `ECONNREFUSED` and its like, which fetch hides one level down. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string }; message: string };
  return cause?.code ?? message;
}
