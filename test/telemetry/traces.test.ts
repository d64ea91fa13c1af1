import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { createOrder, WITHIN } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { request } from '../support/waybill.ts';

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly service: string;
  readonly scope: string;
}

const spans: ReceivedSpan[] = [];
const bodies: string[] = [];
// A collector: OTLP over HTTP, as JSON.
const collector = createServer(async (req, res) => {
  let body = '';
  for await (const chunk of req) body += chunk;
  bodies.push(body);
  for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
    const named = resource.attributes.find(({ key }: { key: string }) => key === 'service.name');
    for (const { scope, spans: sent } of scopeSpans)
      for (const span of sent) spans.push({ ...span, service: named?.value.stringValue, scope: scope.name });
  }
  res.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
});

let stack: Stack;
beforeAll(async () => {
  ensureBuilt();
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  stack = await startStack({
    fresh: true,
    env: {
      LOG_LEVEL: 'warn',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
  });
}, 300_000);
afterAll(async () => {
  await stack?.stop();
  collector.closeAllConnections();
  collector.close();
});

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

it('one trace leads from the caller’s request over Temporal, workflow and activity to the call to Stripe', async () => {
  const at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  const { status, body } = await request(at, 'POST', '/v1/orders', {
    body: {
      amount: 1_000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      connected_account: 'acct_1WaybillUSCustom',
      description: 'Rollerskates',
    },
    headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
  });
  expect(status).toBe(201);
  const inTrace = () => spans.filter(({ traceId }) => traceId === TRACE);
  const found = (wanted: object) => expect(inTrace()).toContainEqual(expect.objectContaining(wanted));
  await vi.waitFor(() => {
    found({ service: 'waybill-api', name: 'POST /v1/orders', parentSpanId: '00f067aa0ba902b7' });
    found({ service: 'waybill-api', name: expect.stringMatching(/^UpdateWithStartWorkflow/) });
    found({
      service: 'waybill-worker',
      scope: '@temporalio/interceptor-workflow',
      name: 'StartActivity:authorize',
    });
    found({ service: 'waybill-worker', name: 'RunActivity:authorize' });
    found({ service: 'waybill-worker', name: 'Stripe POST /v1/payment_intents' });
  }, WITHIN);
  // Each hangs on the one before it, up to the caller's.
  const chain: string[] = [];
  let span = inTrace().find(({ name }) => name === 'Stripe POST /v1/payment_intents');
  while (span) {
    const { name, parentSpanId } = span;
    chain.push(name);
    span = inTrace().find(({ spanId }) => spanId === parentSpanId);
  }
  expect(chain.slice(0, 3)).toEqual([
    'Stripe POST /v1/payment_intents',
    'RunActivity:authorize',
    'StartActivity:authorize',
  ]);
  expect(bodies.join('')).toContain(body.id);
  // The interceptors would send a workflow's memo, with the metadata of its order.
  const secrets = bodies.flatMap(
    (one) => one.match(/.{0,60}(dev_ops|sk_test|4242424242|Bearer|Rollerskates|memo).{0,20}/g) ?? [],
  );
  expect(secrets).toEqual([]);
});

it('a later command has its call to Stripe in the trace of its own request', async () => {
  const at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  const { body: order } = await createOrder(at);
  const [later, caller] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  const headers = { traceparent: `00-${later}-${caller}-01` };
  const captured = await request(at, 'POST', `/v1/orders/${order.id}/capture`, { headers });
  expect(captured).toMatchObject({ status: 200, body: { status: 'captured' } });
  const inTrace = () => spans.filter(({ traceId }) => traceId === later);
  const called = 'Stripe POST /v1/payment_intents/{id}/capture';
  const chain = () => {
    const names: string[] = [];
    let span = inTrace().find(({ name }) => name === called);
    let parent: string | undefined;
    while (span) {
      names.push(span.name);
      parent = span.parentSpanId;
      span = inTrace().find(({ spanId }) => spanId === parent);
    }
    return [...names, parent];
  };
  await vi.waitFor(
    () =>
      expect(chain()).toEqual([
        called,
        'RunActivity:capture',
        'StartActivity:capture',
        'HandleUpdate:capture',
        expect.stringMatching(/Update/),
        'POST /v1/orders/{id}/capture',
        caller,
      ]),
    WITHIN,
  );
});

it('a request without a traceparent begins a trace of its own', async () => {
  const at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  expect((await createOrder(at)).status).toBe(201);
  await vi.waitFor(() => {
    const own = spans.find(({ name, traceId }) => name === 'POST /v1/orders' && traceId !== TRACE);
    expect(own).toBeDefined();
    expect(own?.parentSpanId || '').toBe('');
  }, WITHIN);
});
