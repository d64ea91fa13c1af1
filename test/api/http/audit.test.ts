import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';
import { auditRequests } from '../../../api/http/audit.ts';
import { endpoint } from '../../../api/http/endpoint.ts';
import { errorHandler } from '../../../api/http/error-handler.ts';
import { mount } from '../../../api/http/mount.ts';
import { idParams } from '../../../api/http/params.ts';
import { WITHIN } from '../../support/within.ts';

/** A command whose answer comes when it is asked for. */
async function serveAudited() {
  const lines: unknown[] = [];
  let begin = () => {};
  let leave = () => {};
  let answer = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const app = express();
  app.use(auditRequests({ write: (line: unknown) => lines.push(line) } as never));
  app.use((_req, res, next) => {
    res.once('close', leave);
    next();
  });
  const command = endpoint({
    method: 'post',
    name: 'orders.capture',
    path: '/v1/orders/{id}/capture',
    role: 'open',
    tag: 'Orders',
    summary: 'Capture',
    params: idParams,
    responses: {},
    async handle() {
      begin();
      await asked;
      return { status: 200, body: { object: 'order', id: 'order-1', status: 'captured' } };
    },
  });
  mount(app, [command], {
    stripeReads: { spend() {} },
    admission: { run: (_load: unknown, _account: unknown, work: () => unknown) => work() },
    confine: async () => ({}),
  } as never);
  app.use(errorHandler(pino({ level: 'silent' }), async () => false));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const send = (headers: Record<string, string | number>) => {
    const sent = request({ port, method: 'POST', path: '/v1/orders/order-1/capture', headers });
    sent.on('error', () => undefined);
    return sent;
  };
  return { lines, begun, left, answer: () => answer(), send, server };
}

it('has what came of a command whose caller left before its answer, and not before it is known', async () => {
  const { lines, begun, left, answer, send } = await serveAudited();
  const sent = send({}).end();
  await begun;
  sent.destroy();
  await left;
  expect(lines).toEqual([]);
  answer();
  await vi.waitFor(() => expect(lines).toHaveLength(1), WITHIN);
  expect(lines[0]).toMatchObject({ status: 200, outcome: { object: 'order', status: 'captured' } });
});

it('has no status of a request whose caller left before all of it was sent', async () => {
  const { lines, left, send } = await serveAudited();
  const sent = send({ 'Content-Type': 'application/json', 'Content-Length': 10, Expect: '100-continue' });
  sent.flushHeaders();
  await once(sent, 'continue');
  sent.destroy();
  await left;
  expect(lines).toMatchObject([{ path: '/v1/orders/order-1/capture', status: null, outcome: {} }]);
});

it('has no status of a command that has not ended when the process stops, and has it at once', async () => {
  const { lines, begun, left, send, server } = await serveAudited();
  send({}).end();
  await begun;
  server.close();
  server.closeAllConnections();
  await left;
  expect(lines).toMatchObject([{ path: '/v1/orders/order-1/capture', status: null }]);
});
