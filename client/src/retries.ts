/** How failed requests are repeated. */
export interface RetryOptions {
  /** Repeats after the first attempt. */
  readonly retries: number;
  /** How long one attempt may take, in milliseconds; of a table, until it begins. */
  readonly attemptTimeoutMs: number;
  readonly fetch: typeof fetch;
}

/** The request did not arrive in time, at the API or at a proxy; too many came. */
const PASSING: ReadonlySet<number> = new Set([408, 429]);
const FIRST_DELAY_MS = 500;
const DELAY_MAX_MS = 8_000;
/** Who asks for a longer wait is not waited for: the caller learns of it. */
const RETRY_AFTER_MAX_MS = 60_000;

/** A `fetch` that repeats what is safe to repeat, each time with the same body and Idempotency-Key. */
export function retryingFetch(options: RetryOptions): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    for (let attempt = 0; ; attempt += 1) {
      const isLast = attempt >= options.retries || !isSafeToRepeat(request);
      let delayMs: number | null;
      try {
        const response = await once(request, options);
        delayMs = await delayAfter(response, attempt);
        if (isLast || delayMs === null) return response;
        await response.body?.cancel();
      } catch (error) {
        if (isLast || request.signal.aborted) throw error;
        delayMs = backoffMs(attempt);
      }
      await sleep(delayMs, request.signal);
    }
  };
}

async function once(request: Request, { fetch, attemptTimeoutMs }: RetryOptions): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new DOMException(`no answer within ${attemptTimeoutMs} ms`, 'TimeoutError')),
    attemptTimeoutMs,
  );
  try {
    const signal = AbortSignal.any([request.signal, late.signal]);
    return await whole(await fetch(request.clone(), { signal }));
  } finally {
    // The table of a long period takes minutes to arrive.
    clearTimeout(timer);
  }
}

/** With its JSON read to the end: an answer that breaks off is no answer, and is asked for again. A table is passed on as it comes. */
async function whole(response: Response): Promise<Response> {
  const { body, headers, ok, status, statusText } = response;
  if (body === null || !headers.get('Content-Type')?.includes('json')) return response;
  const text = await response.text();
  if (ok) JSON.parse(text);
  return new Response(text, { headers, status, statusText });
}

/** Reads change nothing, and a key makes a repeat harmless. */
function isSafeToRepeat({ method, headers }: Request): boolean {
  return method === 'GET' || headers.has('Idempotency-Key');
}

/** How long to wait before the next attempt, in milliseconds; null: the answer is final. */
async function delayAfter(response: Response, attempt: number): Promise<number | null> {
  const { status } = response;
  const mayChange = PASSING.has(status) || status >= 500 || (status === 409 && (await isInFlight(response)));
  if (!mayChange) return null;
  const askedMs = Number(response.headers.get('Retry-After') ?? 0) * 1_000;
  if (askedMs > RETRY_AFTER_MAX_MS) return null;
  return Math.max(Number.isNaN(askedMs) ? 0 : askedMs, backoffMs(attempt));
}

/** The same request is still running. Every other 409 stays one. */
async function isInFlight(response: Response): Promise<boolean> {
  const text = await response.clone().text();
  return text.includes('"idempotency_key_in_use"');
}

/** With jitter, so that clients which failed together do not come back together. */
function backoffMs(attempt: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** attempt, DELAY_MAX_MS) * (0.5 + Math.random() / 2);
}

/** Rejects with the reason of `signal` when that aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
