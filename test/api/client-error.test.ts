import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import express from 'express';
import { expect, it } from 'vitest';
import { close, listen } from '../../api/serve.ts';
import { LISTENING } from './serve-app.ts';

async function withServer(use: (port: number) => Promise<void>): Promise<void> {
  const server = await listen(express(), LISTENING);
  await use((server.address() as AddressInfo).port);
  await close(server);
}

it('answers headers that are too large with a problem', () =>
  withServer(async (port) => {
    const sent = request({ port, host: '127.0.0.1', path: `/?${'x'.repeat(20_000)}` }).end();
    const [answer] = await once(sent, 'response');
    const chunks = await answer.setEncoding('utf8').toArray();
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([431, 'application/problem+json']);
    const { registry } = LISTENING.metrics;
    expect(await registry.metrics()).toContain('waybill_connections_dropped_total{limit="headers"} 1');
    expect(JSON.parse(chunks.join(''))).toMatchObject({
      status: 431,
      code: 'headers_too_large',
      request_id: answer.headers['request-id'],
    });
  }));

it('answers a request that expects something unknown like any other', () =>
  withServer(async (port) => {
    const sent = request({ port, host: '127.0.0.1', path: '/', headers: { Expect: 'the impossible' } }).end();
    const [answer] = await once(sent, 'response');
    answer.resume();
    expect(answer.statusCode).toBe(404);
  }));

it('answers what is no HTTP with a problem', () =>
  withServer(async (port) => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.end('hello\r\n\r\n');
    const [head, body] = (await socket.toArray()).join('').split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1.1 400 Bad Request/);
    expect(JSON.parse(body ?? '')).toMatchObject({ code: 'invalid_request', retryable: false });
  }));
