import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PayloadKey } from '../../config/payload-keys.ts';
import { metadataKeys } from '../../config/payload-keys.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { metadataDigests } from '../../domain/orders/metadata.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, WITHIN } from './support.ts';

const DESCRIPTION = 'eleven roses for Ada';
const STRIPES_WORDS = 'Stripe said something about Ada';

const PAYLOAD_KEYS: [PayloadKey] = [{ id: 'k1', key: Buffer.alloc(32, 7) }];
const TEMPORAL_UI = 'https://temporal.example';

let waybill: Waybill;
beforeAll(async () => {
  const keys = metadataKeys(PAYLOAD_KEYS);
  waybill = await startWaybill(
    // A failure is shown for as long as it is retried.
    { metadataKey: keys[0], retryBudgetMs: 120_000 },
    {},
    {
      payloadKeys: PAYLOAD_KEYS,
      api: { metadataKeys: keys, links: { temporalUi: TEMPORAL_UI, stripeDashboard: null, docs: null } },
    },
  );
});
afterAll(() => waybill?.stop());

/** Every text that Temporal stores of a workflow, and its bytes as text. */
async function storedOf(id: string): Promise<string> {
  const { workflow, workflowService, options } = waybill.env.client;
  const execution = { workflowId: orderWorkflowId(id) };
  const { namespace } = options;
  const described = await workflowService.describeWorkflowExecution({ namespace, execution });
  const history = await workflow.getHandle(execution.workflowId).fetchHistory();
  return textsIn([history, described]).join('\n');
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('latin1')];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

it('with payload keys an order runs as usual, and Temporal cannot read it', async () => {
  const body = { description: DESCRIPTION, metadata: { note: DESCRIPTION }, capture_method: 'automatic' };
  const { id } = (await createOrder(waybill, body)).body;
  const refund = await request(waybill, 'POST', `/v1/orders/${id}/refunds`, {
    body: { amount: 300 },
    as: 'ops',
  });
  expect(refund.body).toMatchObject({ amount_refunded: 300, description: DESCRIPTION });

  const { data } = (await request(waybill, 'GET', `/v1/orders/${id}/timeline`)).body;
  expect(data.length).toBeGreaterThan(2);
  const stored = await storedOf(id);
  expect(stored).toContain('binary/encrypted');
  expect(stored).not.toContain(DESCRIPTION);
  // Summaries and details of the workflow and its activities.
  expect(stored).not.toContain('10.00 USD');
  expect(stored).not.toContain('amount_refunded');
});

it('an order is found by its metadata, and Temporal shows nothing from which somebody could guess it', async () => {
  const metadata = { email: 'ada@example.com' };
  await createOrder(waybill, { id: 'adas', metadata });
  const list = () => request(waybill, 'GET', '/v1/orders?metadata[email]=ada@example.com');
  await vi.waitFor(async () => expect((await list()).body.data).toMatchObject([{ id: 'adas' }]), WITHIN);
  const stored = await storedOf('adas');
  const [key = ''] = metadataKeys(PAYLOAD_KEYS);
  expect(stored).toContain(metadataDigests(metadata, key)[0]);
  expect(stored).not.toContain(metadataDigests(metadata, '')[0]);
});

it('Stripe’s message of a failure is shown by the API, and unreadable in Temporal', async () => {
  const { id } = (await createOrder(waybill, { capture_method: 'automatic' })).body;
  await control(waybill, 'faults', {
    match: { method: 'POST', path: '/v1/refunds', times: 1_000 },
    effect: { error: { type: 'rate_limit_error', message: STRIPES_WORDS }, status: 429 },
  });
  const refund = () =>
    request(waybill, 'POST', `/v1/orders/${id}/refunds`, {
      body: { amount: 300 },
      as: 'ops',
      key: 'refund-that-fails',
      headers: { prefer: 'wait=0' },
    });
  await vi.waitFor(async () => expect((await refund()).status).toBe(202), WITHIN);
  await vi.waitFor(
    async () =>
      expect((await request(waybill, 'GET', `/v1/orders/${id}`)).body.pending).toMatchObject({
        attempt: expect.any(Number),
        last_error: { message: expect.stringContaining(STRIPES_WORDS) },
      }),
    WITHIN,
  );
  const stored = await storedOf(id);
  expect(stored).toContain('Encoded failure');
  expect(stored).not.toContain(STRIPES_WORDS);
  expect(stored).not.toContain('activities/');
  await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
});

it('an order that Stripe refuses is refused in the same words, which Temporal cannot read', async () => {
  const body = { id: 'refused', payment_method: 'pm_card_nobody' };
  const refused = await createOrder(waybill, body);
  expect(refused.status).toBe(400);
  expect(refused.body.detail).toContain('pm_card_nobody');
  // The workflow's own failure: workflow code made it.
  const stored = await storedOf('refused');
  expect(stored).toContain('Encoded failure');
  expect(stored).not.toContain('pm_card_nobody');
});

describe('the codec server', () => {
  const asked = (path: string, body: object, headers: Record<string, string>) =>
    fetch(`${waybill.apiUrl}/codec${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const keyOf = (role: string) => ({ authorization: `Bearer dev_${role}` });
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const PLAIN = { metadata: { encoding: base64('json/plain') }, data: base64('{"action":"retry"}') };

  async function encoded(): Promise<object> {
    const answer = await asked('/encode', { payloads: [PLAIN] }, keyOf('ops'));
    expect(answer.status).toBe(200);
    return (await answer.json()) as object;
  }

  it('encodes for ops, and decodes for read what it encoded', async () => {
    const stored = await encoded();
    expect(JSON.stringify(stored)).toContain(base64('binary/encrypted'));
    for (const path of ['/decode', '/default/decode']) {
      const answer = await asked(path, stored, keyOf('read'));
      expect(await answer.json()).toEqual({ payloads: [PLAIN] });
    }
    expect((await asked('/encode', { payloads: [PLAIN] }, keyOf('read'))).status).toBe(403);
  });

  it('answers nobody without a key or a session', async () => {
    expect((await asked('/decode', await encoded(), {})).status).toBe(401);
    expect((await asked('/decode', await encoded(), { authorization: 'Bearer nonsense' })).status).toBe(401);
  });

  it("decodes for the UI's own origin with a session of the console, and for no other origin", async () => {
    const stored = await encoded();
    const signedIn = await fetch(`${waybill.apiUrl}/console/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key: 'dev_read' }),
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const fromUi = await asked('/decode', stored, { cookie, origin: TEMPORAL_UI });
    expect(await fromUi.json()).toEqual({ payloads: [PLAIN] });
    expect(fromUi.headers.get('access-control-allow-origin')).toBe(TEMPORAL_UI);
    expect(fromUi.headers.get('access-control-allow-credentials')).toBe('true');
    const elsewhere = await asked('/decode', stored, { cookie, origin: 'https://evil.example' });
    expect(elsewhere.status).toBe(401);
    expect(elsewhere.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('says what is wrong with a payload that it cannot decrypt', async () => {
    const metadata = { encoding: base64('binary/encrypted'), 'encryption-key-id': base64('lost') };
    const answer = await asked('/decode', { payloads: [{ metadata, data: base64('x') }] }, keyOf('read'));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('the key lost') });
  });
});
