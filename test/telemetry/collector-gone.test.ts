import { expect, it, vi } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { createTracing } from '../../telemetry/tracing.ts';

it('a process ends in good order though the collector of its traces is gone', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${await freePort()}`);
  vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '200');
  try {
    const { observeStripe, stop } = createTracing('waybill-test');
    const request = { method: 'GET', path: '/v1/charges/ch_1', idempotencyKey: null, account: null };
    observeStripe(request)({ outcome: 'ok', status: 200, requestId: null, durationMs: 1 });
    await expect(stop()).resolves.toBeUndefined();
  } finally {
    vi.unstubAllEnvs();
  }
});
