import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Waybill, WaybillProblem, WaybillUnreachable } from '../../client/src/index.ts';
import { WITHIN } from '../support/within.ts';

/** An API that gives these answers, one after the other. */
function scripted(...answers: readonly (Response | Error)[]) {
  const requests: { key: string | null; body: string }[] = [];
  const queue = [...answers];
  const options = { baseUrl: 'http://api.test', apiKey: 'k', attemptTimeoutMs: 1_000 };
  const waybill = new Waybill({
    ...options,
    fetch: async (input) => {
      const request = input as Request;
      requests.push({ key: request.headers.get('Idempotency-Key'), body: await request.text() });
      const answer = queue.shift();
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no answer left');
      return answer;
    },
  });
  return { waybill, requests };
}

const json = (status: number, body: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const order = () => json(200, { id: 'order-1', object: 'order' });
const begun = (end: (stream: ReadableStreamDefaultController) => void) =>
  new Response(
    new ReadableStream({
      start(stream) {
        stream.enqueue(new TextEncoder().encode('{"id":"order-1",'));
        end(stream);
      },
    }),
    { headers: { 'content-type': 'application/json' } },
  );
const brokenOff = () => begun((stream) => stream.error(new TypeError('terminated')));
const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  json(status, { status, code, detail: 'x', retryable: false, request_id: 'req_1' }, headers);
const capture = { path: { id: 'order-1' }, body: { amount: 500 } };

describe('a command', () => {
  it.each<[string, Response | Error]>([
    ['a lost connection', new TypeError('fetch failed')],
    ['a body that was too slow', problem(408, 'request_timeout')],
    ['a proxy that waited too long for the request', new Response('Request Time-out', { status: 408 })],
    ['too many requests', problem(429, 'too_many_requests', { 'retry-after': '0' })],
    ['Temporal out of reach', problem(503, 'unavailable', { 'retry-after': '0' })],
    ['a proxy without a backend', new Response('Bad gateway', { status: 502 })],
    ['an answer that breaks off', brokenOff()],
    ['an answer that something in between cut off', begun((stream) => stream.close())],
    ['the same request still running', problem(409, 'idempotency_key_in_use', { 'retry-after': '0' })],
  ])('is repeated under its key after %s', async (_, failure) => {
    const { waybill, requests } = scripted(failure, order());
    expect(await waybill.orders.capture(capture)).toMatchObject({ id: 'order-1' });
    expect(requests).toHaveLength(2);
    expect(requests[0]).toEqual({ key: expect.stringMatching(/^[0-9a-f-]{36}$/), body: '{"amount":500}' });
    expect(requests[1]).toEqual(requests[0]);
  });

  it('keeps the key of its caller', async () => {
    const { waybill, requests } = scripted(new TypeError('fetch failed'), order());
    await waybill.orders.capture({ ...capture, headers: { 'Idempotency-Key': 'ship-17' } });
    expect(requests.map(({ key }) => key)).toEqual(['ship-17', 'ship-17']);
  });

  it.each([
    [409, 'state_conflict'],
    [402, 'card_declined'],
    [422, 'money_rule'],
  ])('is not repeated after %s %s', async (status, code) => {
    const { waybill, requests } = scripted(problem(status, code));
    const error = await waybill.orders.capture(capture).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(WaybillProblem);
    expect(error).toMatchObject({ status, code, retryable: false, requestId: 'req_1' });
    expect(requests).toHaveLength(1);
  });

  it('leaves a long wait to its caller', async () => {
    const { waybill, requests } = scripted(problem(503, 'unavailable', { 'retry-after': '3600' }));
    await expect(waybill.orders.capture(capture)).rejects.toMatchObject({ code: 'unavailable' });
    expect(requests).toHaveLength(1);
  });

  it('says under which key to repeat what got no answer', async () => {
    const { waybill } = scripted();
    const unanswered = waybill.orders.capture({ ...capture, headers: { 'Idempotency-Key': 'ship-17' } });
    const error = await unanswered.catch((thrown) => thrown);
    expect(error).toBeInstanceOf(WaybillUnreachable);
    expect(error).toMatchObject({ idempotencyKey: 'ship-17', message: expect.stringContaining('api.test') });
  });

  it('says so too where its answer breaks off: the outcome is not known', async () => {
    const waybill = new Waybill({
      baseUrl: 'http://api.test',
      apiKey: 'k',
      retries: 0,
      fetch: async () => brokenOff(),
    });
    const error = await waybill.orders
      .capture({ ...capture, headers: { 'Idempotency-Key': 'ship-17' } })
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(WaybillUnreachable);
    expect(error).toMatchObject({
      idempotencyKey: 'ship-17',
      message: expect.stringContaining('terminated'),
    });
  });

  it('takes no page for an answer: a proxy made it, or somewhere to sign in', async () => {
    const { waybill } = scripted(
      new Response('<title>Sign in</title>', { headers: { 'content-type': 'text/html; charset=utf-8' } }),
    );
    const unanswered = waybill.orders.capture({ ...capture, headers: { 'Idempotency-Key': 'ship-17' } });
    const error = await unanswered.catch((thrown) => thrown);
    expect(error).toBeInstanceOf(WaybillUnreachable);
    expect(error).toMatchObject({ idempotencyKey: 'ship-17' });
  });

  it('ends at once when its caller aborts it', async () => {
    const { waybill, requests } = scripted(problem(503, 'unavailable', { 'retry-after': '30' }), order());
    const controller = new AbortController();
    const running = waybill.orders.capture({ ...capture, signal: controller.signal });
    const ended = expect(running).rejects.toThrow('no longer needed');
    await expect.poll(() => requests.length, WITHIN).toBe(1);
    controller.abort(new Error('no longer needed'));
    await ended;
  });
});

it('takes no redirection for an answer: a POST would be followed by a GET', async () => {
  const server = createServer((incoming, answer) => {
    if (incoming.method === 'POST') answer.writeHead(301, { Location: incoming.url ?? '' }).end();
    else
      answer.writeHead(200, { 'Content-Type': 'application/json' }).end('{"id":"order-1","object":"order"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const waybill = new Waybill({ baseUrl: `http://127.0.0.1:${port}`, apiKey: 'k', retries: 0 });
  const changed = waybill.orders.update({ path: { id: 'order-1' }, body: { metadata: { cart: '1' } } });
  await expect(changed).rejects.toBeInstanceOf(WaybillUnreachable);
  server.close();
});

it('does not repeat a deletion, which has no key', async () => {
  const { waybill, requests } = scripted(new TypeError('fetch failed'));
  const gone = waybill.eventSubscriptions.delete({ path: { id: 'wes_1' } });
  await expect(gone).rejects.toBeInstanceOf(WaybillUnreachable);
  expect(requests).toHaveLength(1);
});

it('takes a table that goes on arriving after the time of an attempt', async () => {
  const attemptTimeoutMs = 20;
  const waybill = new Waybill({
    baseUrl: 'http://api.test',
    apiKey: 'k',
    retries: 0,
    attemptTimeoutMs,
    fetch: async (_, { signal } = {}) =>
      new Response(
        new ReadableStream({
          start(stream) {
            const write = (line: string) => stream.enqueue(new TextEncoder().encode(`${line}\r\n`));
            write('id');
            signal?.addEventListener('abort', () => stream.error(signal.reason));
            AbortSignal.timeout(attemptTimeoutMs * 5).addEventListener('abort', () => {
              if (signal?.aborted) return;
              write('order-1');
              stream.close();
            });
          },
        }),
        { headers: { 'content-type': 'text/csv; charset=utf-8' } },
      ),
  });
  expect(await waybill.orders.list({ query: { format: 'csv' } })).toBe('id\r\norder-1\r\n');
});

it('says that a table which breaks off is no answer', async () => {
  const { waybill } = scripted(
    new Response(
      new ReadableStream({
        start(stream) {
          stream.enqueue(new TextEncoder().encode('id'));
        },
        pull: (stream) => stream.error(new TypeError('terminated')),
      }),
      { headers: { 'content-type': 'text/csv; charset=utf-8' } },
    ),
  );
  const broken = await waybill.orders.list({ query: { format: 'csv' } }).catch((thrown) => thrown);
  expect(broken).toBeInstanceOf(WaybillUnreachable);
  expect(broken.message).toContain('terminated');
});
