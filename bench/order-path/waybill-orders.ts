import { randomUUID } from 'node:crypto';

const DESTINATION = 'acct_1WaybillUSCustom';

/** One order through the API: authorized, then captured. Its id. */
export async function waybillOrder(apiUrl: string): Promise<string> {
  const { id } = await post(apiUrl, '/v1/orders', {
    amount: 1000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    connected_account: DESTINATION,
    application_fee_amount: 123,
  });
  const { status } = await post(apiUrl, `/v1/orders/${id}/capture`, {});
  if (status !== 'captured') throw new Error(`order ${id} is ${status}`);
  return id;
}

async function post(apiUrl: string, path: string, body: unknown): Promise<{ id: string; status: string }> {
  const response = await fetch(`${apiUrl}${path}`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer dev_service',
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as { id: string; status: string };
}
