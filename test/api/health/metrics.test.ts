import { expect, it } from 'vitest';
import { serveApp } from '../serve-app.ts';

it('/metrics answers without Temporal: it says what could not be read, and shows no value for it', async () => {
  const app = await serveApp();
  const { status, body } = await app.call('GET', '/metrics', { as: null });
  expect(status).toBe(200);
  expect(body).toContain('waybill_state_up{part="orders"} 0');
  expect(body).toContain('waybill_state_up{part="reconciliation"} 0');
  expect(body).toContain('waybill_http_requests_total');
  expect(body).not.toMatch(/^waybill_(orders|attention|pending|stripe_events_parked)[^#\n]* \d/m);
  await app.stop();
});

it('/v1/metrics has the same for a key, since proxies close /metrics', async () => {
  const app = await serveApp();
  const { status, body } = await app.call('GET', '/v1/metrics', { as: 'read' });
  expect(status).toBe(200);
  expect(body).toContain('waybill_state_up{part="orders"} 0');
  expect(body).toContain('waybill_http_requests_total');
  expect((await app.call('GET', '/v1/metrics', { as: null })).status).toBe(401);
  await app.stop();
});
