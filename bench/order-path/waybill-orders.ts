import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const DESTINATION = 'acct_1WaybillUSCustom';
/** Not begun: overloaded, or out of Temporal's reach. */
const REFUSED: ReadonlySet<number> = new Set([429, 503]);
const REPEATS_MAX = 20;
/** On a machine that does much else an answer may take long. */
const WAIT_SECONDS = 60;
/** Of the embedded sandbox. */
const DEV_KEY = 'dev_service';

/** One order through the API: authorized, then captured. Its id. */
export async function waybillOrder(apiUrl: string, apiKey = DEV_KEY): Promise<string> {
  const id = await authorizeOrder(apiUrl, `bench-${randomUUID()}`, apiKey);
  await captureOrder(apiUrl, id, apiKey);
  return id;
}

/** An order that waits for its capture. Asked for again under the same id it is the same order. */
export async function authorizeOrder(apiUrl: string, orderId: string, apiKey = DEV_KEY): Promise<string> {
  const { id, status } = await post({ apiUrl, apiKey }, '/v1/orders', orderId, {
    id: orderId,
    amount: 1000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    connected_account: DESTINATION,
    application_fee_amount: 123,
  });
  if (status !== 'authorized') throw new Error(`order ${id} is ${status}`);
  return id;
}

export async function captureOrder(apiUrl: string, id: string, apiKey = DEV_KEY): Promise<void> {
  const { status } = await post({ apiUrl, apiKey }, `/v1/orders/${id}/capture`, randomUUID(), {});
  if (status !== 'captured') throw new Error(`order ${id} is ${status}`);
}

/** Where the API refuses because too much is asked at once, the call is repeated when the API says. */
async function post(
  { apiUrl, apiKey }: { apiUrl: string; apiKey: string },
  path: string,
  key: string,
  body: unknown,
): Promise<{ id: string; status: string }> {
  const call = {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': key,
      prefer: `wait=${WAIT_SECONDS}`,
    },
    body: JSON.stringify(body),
  };
  let response = await fetch(`${apiUrl}${path}`, call);
  for (let left = REPEATS_MAX; REFUSED.has(response.status) && left > 0; left--) {
    await sleep(Number(response.headers.get('retry-after') ?? 1) * 1000);
    response = await fetch(`${apiUrl}${path}`, call);
  }
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as { id: string; status: string };
}
