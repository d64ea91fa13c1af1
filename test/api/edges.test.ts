import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Response } from 'express';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { close, listen } from '../../api/serve.ts';
import type { ServedApp } from './serve-app.ts';
import { LISTENING, serveApp } from './serve-app.ts';

let app: ServedApp;
beforeAll(async () => {
  app = await serveApp();
});
afterAll(() => app?.stop());

describe('every page and answer', () => {
  it.each([
    ['/console', null],
    ['/console/orders/order-1', null],
    ['/docs/', null],
    ['/openapi.json', null],
    ['/healthz', null],
    ['/v1/orders', null],
    ['/nowhere', 'service'],
  ] as const)('has the headers that browsers heed: %s', async (path, as) => {
    const { headers } = await app.call('GET', path, { as });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': expect.stringMatching(/frame-ancestors '(none|self)'/),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers.has('x-powered-by')).toBe(false);
  });
});

describe('a body', () => {
  it.each(['gzip', 'deflate', 'br'])(
    'that is compressed by %s is refused before it is unpacked',
    async (encoding) => {
      const bomb = gzipSync(Buffer.alloc(20_000_000));
      const { status, body } = await app.call('POST', '/v1/orders', {
        key: 'k',
        body: bomb,
        headers: { 'Content-Type': 'application/json', 'Content-Encoding': encoding },
      });
      expect([status, body.code]).toEqual([415, 'unsupported_media_type']);
    },
  );

  it('of any length from a caller without a key is not read', async () => {
    const { status } = await app.call('POST', '/v1/orders', {
      as: null,
      key: 'k',
      body: 'x'.repeat(3_000_000),
    });
    expect(status).toBe(401);
  });
});

describe('a connection', () => {
  async function answerTo(...lines: readonly string[]): Promise<string> {
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    await once(socket, 'connect');
    socket.write(`${lines.join('\r\n')}`);
    const answer = (await socket.toArray()).join('');
    socket.destroy();
    return answer;
  }
  const head = ['POST /v1/orders HTTP/1.1', 'Host: waybill', 'Connection: close'];

  it.each([
    ['a length beside chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked', '', '0', '', '']],
    ['two lengths', ['Content-Length: 4', 'Content-Length: 5', '', 'abcd']],
    ['chunks that are not the last encoding', ['Transfer-Encoding: chunked, identity', '', '0', '', '']],
    ['a header with a line break of its own', ['X-A: 1\n GET /console HTTP/1.1', '', '']],
    ['a space before the colon', ['Content-Length : 4', '', 'abcd']],
  ])('that could smuggle a second request is answered once, and ended: %s', async (_, more) => {
    const answer = await answerTo(...head, ...more);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('has an end for its headers, its body and its silence', async () => {
    const server = await listen(express(), LISTENING);
    expect((server.address() as AddressInfo).port).toBeGreaterThan(0);
    for (const limit of [server.headersTimeout, server.requestTimeout]) {
      expect(limit).toBeGreaterThan(0);
      expect(limit).toBeLessThanOrEqual(15_000);
    }
    expect(server.timeout).toBe(90_000);
    expect(server.keepAliveTimeout).toBeLessThanOrEqual(90_000);
    await close(server);
  });

  it('is kept while it is idle for longer than a balancer keeps its own', async () => {
    const server = await listen(express(), LISTENING);
    expect(server.keepAliveTimeout).toBeGreaterThan(60_000);
    await close(server);
  });

  it('tells the app when it has ended, which then leaves the end of its audit log', async () => {
    const app = express();
    const ended = vi.fn();
    app.once('close', ended);
    await close(await listen(app, LISTENING));
    expect(ended).toHaveBeenCalledOnce();
  });

  it('does not hold up the end of the process once its request has been answered', async () => {
    const asked = new EventEmitter();
    const slow = express().get('/', (_req, res) => void asked.emit('request', res));
    const server = await listen(slow, LISTENING);
    const held: Promise<Response[]> = once(asked, 'request');
    const socket = connect((server.address() as AddressInfo).port, LISTENING.host);
    socket.write('GET / HTTP/1.1\r\nHost: waybill\r\n\r\n');
    const [response] = await held;
    const closing = close(server);
    response?.send('done');
    await Promise.all([once(socket.resume(), 'close'), closing]);
    expect(socket.bytesRead).toBeGreaterThan(0);
    // Of itself Node would keep the connection for as long as an idle one.
    expect(server.keepAliveTimeout).toBeLessThan(1_000);
  });
});
