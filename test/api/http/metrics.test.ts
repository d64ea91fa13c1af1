import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, it, vi } from 'vitest';
import { createMetrics } from '../../../api/http/metrics.ts';
import { WITHIN } from '../../support/within.ts';

it('the event loop is looked at ten times a second, not a hundred', async () => {
  const { registry } = createMetrics();
  // Node counts the time from one look to the next. Not a number before the second.
  const meanSeconds = async () => {
    const [, mean] = /^nodejs_eventloop_lag_mean_seconds (\S+)$/m.exec(await registry.metrics()) ?? [];
    return Number(mean);
  };
  await expect.poll(meanSeconds, { ...WITHIN, interval: 500 }).toBeGreaterThan(0.08);
});

it('a request whose caller went before the answer is counted, as aborted, and without a time', async () => {
  const { observe, registry } = createMetrics();
  const server = express()
    .use(observe, () => {})
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const arrived = once(server, 'request');
  const caller = request({ port, host: '127.0.0.1', path: '/v1/orders' }).on('error', () => {});
  caller.end();
  await arrived;
  caller.destroy();
  const counted = 'waybill_http_requests_total{method="GET",route="other",status="aborted"} 1';
  await vi.waitFor(async () => expect(await registry.metrics()).toContain(counted), WITHIN);
  expect(await registry.metrics()).not.toMatch(/^waybill_http_request_duration_seconds_count/m);
  server.close();
});

it('a live page that its server ends is counted, without a time: nobody waited for it', async () => {
  const { observe, registry } = createMetrics();
  const server = express()
    .use(observe, (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' }).end();
    })
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}/console/live`)).text();
  const counted = 'waybill_http_requests_total{method="GET",route="other",status="200"} 1';
  await vi.waitFor(async () => expect(await registry.metrics()).toContain(counted), WITHIN);
  expect(await registry.metrics()).not.toMatch(/^waybill_http_request_duration_seconds_count/m);
  server.closeAllConnections();
  server.close();
});

it('what alerts see grow is there before it does', async () => {
  const shown = await createMetrics().registry.metrics();
  for (const counter of [
    'waybill_stripe_events_total{type="unknown",outcome="refused"}',
    'waybill_commands_shed_total{load="start"}',
    'waybill_commands_shed_total{load="command"}',
    'waybill_audit_lines_lost_total',
  ]) {
    expect(shown).toContain(`\n${counter} 0\n`);
  }
});
