import { once } from 'node:events';
import { request } from 'node:http';
import { pino } from 'pino';
import { afterEach, expect, it, vi } from 'vitest';
import { WITHIN } from '../../support/within.ts';
import type { ServedApp } from '../serve-app.ts';
import { serveApp } from '../serve-app.ts';

let app: ServedApp;
afterEach(() => app?.stop());

async function serveLogged(level: 'info' | 'error') {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const child = vi.spyOn(logger, 'child');
  app = await serveApp({ logger });
  child.mockClear();
  return { lines, child };
}

it('a request makes one line, with its path and no query, and no logger of its own', async () => {
  const { lines, child } = await serveLogged('info');
  const { headers } = await app.call('GET', '/v1/nothing?email=a@example.com');
  await vi.waitFor(() => expect(lines).toHaveLength(1), WITHIN);
  expect(lines[0]).toMatchObject({
    level: 30,
    msg: 'request completed',
    req: { method: 'GET', path: '/v1/nothing' },
    res: { status: 404 },
    duration_ms: expect.any(Number),
    request_id: headers.get('Request-Id'),
    caller: 'shop',
    route: null,
  });
  expect(child).not.toHaveBeenCalled();
});

it('probes make no line, and an answer that failed makes one where no others are wanted', async () => {
  const { lines } = await serveLogged('error');
  await app.call('GET', '/healthz', { as: null });
  await app.call('GET', '/v1/nothing');
  const { status } = await app.call('GET', '/v1/orders/one');
  expect(status).toBe(503);
  await vi.waitFor(() => expect(lines.map(({ msg }) => msg)).toContain('request errored'), WITHIN);
  const errored = lines.filter(({ msg }) => msg !== 'request failed');
  expect(errored).toMatchObject([{ level: 50, res: { status: 503 }, route: '/v1/orders/{id}' }]);
});

it('a caller who goes away before the answer leaves a line that says so', async () => {
  const { lines } = await serveLogged('info');
  const gone = request(`${app.url}/v1/orders`, {
    method: 'POST',
    headers: {
      Authorization: 'Bearer secret-service',
      'Content-Type': 'application/json',
      'Content-Length': 10,
      Expect: '100-continue',
    },
  });
  gone.on('error', () => undefined);
  gone.flushHeaders();
  await once(gone, 'continue');
  gone.destroy();
  await vi.waitFor(() => expect(lines.map(({ msg }) => msg)).toEqual(['request aborted']), WITHIN);
});
