import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { verifyAudit } from '../../cli/src/audit/verify.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { WITHIN } from '../support/within.ts';
import type { ServedApp } from './serve-app.ts';
import { LIMITS, serveApp } from './serve-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'waybill-audit-'));

let first: ServedApp;
let second: ServedApp;
beforeAll(async () => {
  first = await serveApp({ auditDir: folder });
  const refund = { amount: -1, reason: 'duplicate', card: 'never written down' };
  await first.call('POST', '/v1/orders/order-1/refunds', { as: 'ops', key: 'k', body: refund });
  await first.call('POST', '/v1/orders/order-1/refunds', { as: 'read', key: 'k', body: { amount: 5 } });
  await first.call('POST', '/console/session', { as: null, body: { key: 'secret-ops' } });
  await first.call('POST', '/console/session', { as: null, body: { key: 'a-wrong-secret' } });
  await first.call('GET', '/v1/orders', { as: 'read' });
  await vi.waitFor(() => expect(linesOf(filesIn(folder)[0])).toHaveLength(5), WITHIN);
  second = await serveApp({ auditDir: folder });
  await Promise.all(
    [first, second].flatMap((app) =>
      Array.from({ length: 10 }, (_, n) =>
        app.call('POST', `/v1/orders/order-${n}/capture`, { as: 'service', body: { x: 1 } }),
      ),
    ),
  );
  await vi.waitFor(() => expect(verifyAudit(folder, []).lines).toBe(26), WITHIN);
});
afterAll(async () => {
  await Promise.all([first?.stop(), second?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const filesIn = (where: string) => readdirSync(where).sort();
const linesOf = (file = '', where = folder) => readFileSync(join(where, file), 'utf8').trimEnd().split('\n');
const entries = () => filesIn(folder).flatMap((file) => linesOf(file).map((line) => JSON.parse(line)));

describe('the audit log', () => {
  it('says who asked for what, from where, why, and what came of it', () => {
    expect(entries()).toContainEqual(
      expect.objectContaining({
        actor: 'olga',
        role: 'ops',
        by: 'key',
        from: expect.stringContaining('127.0.0.1'),
        method: 'POST',
        path: '/v1/orders/order-1/refunds',
        asked: { amount: -1, reason: 'duplicate' },
        order_id: 'order-1',
        request_id: expect.stringMatching(/^req_/),
        status: 400,
        outcome: expect.objectContaining({ code: 'invalid_request' }),
      }),
    );
  });

  it('has what was refused, and who signed in or tried to; reads leave no line', () => {
    const shown = entries().map(({ actor, path, status }) => `${actor} ${path} ${status}`);
    expect(shown).toContain('reader /v1/orders/order-1/refunds 403');
    expect(shown).toContain('olga /console/session 201');
    expect(shown).toContain('anonymous /console/session 401');
    expect(shown.filter((line) => line.startsWith('reader /v1/orders '))).toEqual([]);
  });

  it('has no secret in it, and nothing of a body but what is needed', () => {
    const all = filesIn(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('');
    expect(all).not.toMatch(/secret-ops|a-wrong-secret|never written down/);
  });

  it('says which secret of a key was used while both work, by key and by session, and never the secret or its hash', async () => {
    const rotated = [
      { id: 'key_0123456789ab', secret: 'wbk_the-secret-that-goes' },
      { id: 'key_ba9876543210', secret: 'wbk_the-secret-that-comes' },
    ];
    const stored = rotated.map(({ id, secret }) => ({
      ...({ id, name: 'ada', role: 'ops', expiresAt: null, scope: {} } as const),
      sha256: createHash('sha256').update(secret).digest('hex'),
    }));
    const auditDir = mkdtempSync(join(tmpdir(), 'waybill-rotated-'));
    const app = await serveApp({
      auditDir,
      keyFile: { path: join(auditDir, 'keys.json'), read: () => stored },
    });
    const path = '/v1/orders/order-1/capture';
    const capture = (headers: Record<string, string>) =>
      app.call('POST', path, { as: null, headers, body: {} });
    for (const { secret } of rotated) await capture({ Authorization: `Bearer ${secret}` });
    await app.call('POST', path, { as: 'ops', body: {} });
    const key = rotated[1]?.secret;
    const signedIn = await app.call('POST', '/console/session', { as: null, body: { key } });
    const cookie = signedIn.headers.get('Set-Cookie')?.split(';')[0] ?? '';
    await capture({ Cookie: cookie, 'X-CSRF-Token': signedIn.body.csrf_token });
    const requested = /"type":"request"/;
    const lines = () => linesOf(filesIn(auditDir)[0], auditDir).filter((line) => requested.test(line));
    await vi.waitFor(() => expect(lines()).toHaveLength(5), WITHIN);
    await app.stop();
    expect(lines().map((line) => JSON.parse(line))).toMatchObject([
      { actor: 'ada', by: 'key', key_id: 'key_0123456789ab' },
      { actor: 'ada', by: 'key', key_id: 'key_ba9876543210' },
      { actor: 'olga', by: 'key', key_id: null },
      { actor: 'ada', by: 'session', key_id: 'key_ba9876543210', path: '/console/session' },
      { actor: 'ada', by: 'session', key_id: 'key_ba9876543210', path },
    ]);
    const written = lines().join();
    for (const { secret } of rotated) expect(written).not.toContain(secret);
    for (const { sha256 } of stored) expect(written).not.toContain(sha256);
    rmSync(auditDir, { recursive: true });
  });

  it('has what a browser is sent to with a GET, and connects an account', async () => {
    const auditDir = mkdtempSync(join(tmpdir(), 'waybill-connected-'));
    const app = await serveApp({ auditDir });
    const query = '?state=forged&code=ac_secret';
    await app.call('GET', `/v1/oauth/callback${query}`, { as: null });
    // Targets that are routed like it.
    for (const path of [`http://other.example/v1/oauth/callback${query}`, `/v1/oauth/callback#${query}`]) {
      const sent = request(app.url, { path }).end();
      await once(sent, 'response');
    }
    const lines = () => linesOf(filesIn(auditDir)[0], auditDir).map((line) => JSON.parse(line));
    await vi.waitFor(() => expect(lines()).toHaveLength(4), WITHIN);
    await app.stop();
    for (const line of lines().slice(1)) {
      expect(line).toMatchObject({
        ...{ actor: 'anonymous', method: 'GET', path: '/v1/oauth/callback', status: 400 },
        outcome: { code: 'invalid_request' },
      });
    }
    expect(JSON.stringify(lines())).not.toContain('ac_secret');
    rmSync(auditDir, { recursive: true });
  });

  it('says which account was to be connected where the browser is sent on, and why it was not', async () => {
    const auditDir = mkdtempSync(join(tmpdir(), 'waybill-sent-on-'));
    const app = await serveApp({ auditDir });
    const started =
      '/v1/oauth/authorize?id=seller-7&redirect_uri=https://a.example/&return_url=https://b.example/';
    const { url } = (await app.call('GET', started)).body;
    const state = new URL(url).searchParams.get('state');
    const back = `/v1/oauth/callback?error=access_denied&state=${state}`;
    expect(await app.call('GET', back, { as: null })).toMatchObject({ status: 303 });
    const lines = () => linesOf(filesIn(auditDir)[0], auditDir).map((line) => JSON.parse(line));
    await vi.waitFor(() => expect(lines()).toHaveLength(2), WITHIN);
    await app.stop();
    expect(lines()[1]).toMatchObject({
      status: 303,
      outcome: { reference: 'seller-7', code: 'access_denied' },
    });
    rmSync(auditDir, { recursive: true });
  });

  it('keeps nothing of a refused body that must not be stored, and little of what anybody may send', async () => {
    const auditDir = mkdtempSync(join(tmpdir(), 'waybill-refused-'));
    const app = await serveApp({ auditDir });
    const card = '4242 4242 4242 4242';
    const body = { amount: 4242424242424242, reason: `her card is ${card}`, action: 'a'.repeat(100_000) };
    const refund = { as: 'ops', key: 'k', body } as const;
    await app.call('POST', '/v1/orders/4242424242424242/refunds', refund);
    await app.call('POST', `/v1/orders/${encodeURIComponent(card)}/refunds`, refund);
    await app.call('POST', '/v1/orders/%34242424242424242/refunds', refund);
    await app.call('POST', '/console/session', {
      as: null,
      body: { key: 'no', reason: 'b'.repeat(100_000) },
    });
    const text = () => readFileSync(join(auditDir, filesIn(auditDir)[0] ?? ''), 'utf8');
    await vi.waitFor(() => expect(text().trimEnd().split('\n')).toHaveLength(5), WITHIN);
    await app.stop();
    expect(text()).not.toMatch(/4242( |%20)?4242/);
    expect(text().length).toBeLessThan(9_000);
    expect(text()).not.toContain('b'.repeat(20));
    rmSync(auditDir, { recursive: true });
  });

  it('has how an order is split and who pays, and where events go, without what may be a token', async () => {
    const auditDir = mkdtempSync(join(tmpdir(), 'waybill-split-'));
    const app = await serveApp({ auditDir });
    const split = { amount: -1, application_fee_amount: 0, transfer_amount: 5, customer: 'cus_1' };
    await app.call('POST', '/v1/orders', { as: 'service', key: 'k', body: { ...split, token: 'tok_1' } });
    const url = 'https://user:secret@receiver.example:8443/hooks/token?key=secret';
    await app.call('POST', '/v1/event_subscriptions', { as: 'ops', key: 'k', body: { url, events: [] } });
    const lines = () => linesOf(filesIn(auditDir)[0], auditDir).map((line) => JSON.parse(line).asked);
    await vi.waitFor(() => expect(lines()).toHaveLength(3), WITHIN);
    await app.stop();
    expect(lines().slice(1)).toEqual([split, { url: 'https://receiver.example:8443' }]);
    rmSync(auditDir, { recursive: true });
  });

  it('is not filled by anybody who sends more than the limit of requests lets in, or long paths', async () => {
    const auditDir = mkdtempSync(join(tmpdir(), 'waybill-flooded-'));
    const app = await serveApp({ auditDir, limits: { ...LIMITS, perAddress: 2, perKey: 2 } });
    const long = `/v1/orders/${'x'.repeat(10_000)}/capture`;
    const statuses: number[] = [];
    for (const as of [null, 'service'] as const) {
      for (let n = 0; n < 4; n += 1) statuses.push((await app.call('POST', long, { as })).status);
    }
    expect(statuses).toEqual([401, 401, 429, 429, 400, 400, 429, 429]);
    await app.call('POST', '/v1/orders/order-1/capture', { as: 'ops' });
    const lines = () => linesOf(filesIn(auditDir)[0], auditDir);
    await vi.waitFor(() => expect(lines().join()).toContain('olga'), WITHIN);
    await app.stop();
    expect(lines().map((line) => JSON.parse(line).status)).toEqual([undefined, 401, 401, 400, 400, 400]);
    expect(Math.max(...lines().map(({ length }) => length))).toBeLessThan(2_000);
    rmSync(auditDir, { recursive: true });
  });

  it('leaves its end in the ordinary log when the process stops, so that its last lines are not cut off unseen', async () => {
    const auditDir = mkdtempSync(join(tmpdir(), 'waybill-stopped-'));
    const logged: string[] = [];
    const logger = pino({}, { write: (line: string) => logged.push(line) });
    const app = await serveApp({ auditDir, logger });
    await app.call('POST', '/v1/orders/order-1/capture', { as: 'service', body: {} });
    await vi.waitFor(() => expect(linesOf(filesIn(auditDir)[0], auditDir)).toHaveLength(2), WITHIN);
    await app.stop();
    const [file = ''] = filesIn(auditDir);
    const { hash } = JSON.parse(linesOf(file, auditDir)[1] ?? '');
    const heads = logged.flatMap((line) => JSON.parse(line).audit_head ?? []);
    expect(heads).toEqual([`${file}:2:${hash}`]);
    rmSync(auditDir, { recursive: true });
  });

  it('is whole where several processes write at once, each in its own file', () => {
    expect(filesIn(folder)).toHaveLength(2);
    expect(verifyAudit(folder, [])).toMatchObject({ findings: [] });
  });
});

/** Of a process that did not write down the id of a key yet. */
const OLDER = `{"seq":1,"at":"2026-11-29T12:00:01.000Z","type":"opened","before":[],"prev":"0000000000000000000000000000000000000000000000000000000000000000","hash":"905614dacc5594c838a2c32129e812cc51cb22e6aff0a237ed5eaef44088b481"}
{"seq":2,"at":"2026-11-29T12:00:02.000Z","type":"request","actor":"ada","role":"ops","by":"key","from":"10.0.0.7","method":"POST","path":"/v1/orders/order-1/capture","asked":{},"status":200,"outcome":{},"prev":"905614dacc5594c838a2c32129e812cc51cb22e6aff0a237ed5eaef44088b481","hash":"10cb0bd04d85daf47e70ca8b0f738824ef2b8f9e4af2fd7fe97ac96e1abfe0df"}
`;

describe('waybill audit verify', () => {
  /** A copy in which somebody had a hand. `first`: the file of the process that was there first. */
  function tampered(change: (lines: string[]) => readonly string[]): string {
    const copy = mkdtempSync(join(tmpdir(), 'waybill-tampered-'));
    onTestFinished(() => rmSync(copy, { recursive: true }));
    cpSync(folder, copy, { recursive: true });
    const [file = ''] = filesIn(copy);
    const lines = change(linesOf(file, copy));
    if (lines.length === 0) rmSync(join(copy, file));
    else writeFileSync(join(copy, file), `${lines.join('\n')}\n`);
    return copy;
  }

  it.each<[string, (lines: string[]) => readonly string[], RegExp]>([
    [
      'changed',
      (lines) => lines.map((line) => line.replace('"amount":-1', '"amount":1')),
      /line 2 is not as it was/,
    ],
    ['left out', (lines) => lines.toSpliced(2, 1), /line 3 does not follow/],
    ['moved', ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest], /line 2 does not follow/],
    ['put in', (lines) => lines.toSpliced(2, 0, lines[1] ?? ''), /line 3 does not follow/],
    [
      'cut off, where a later process remembers them',
      (lines) => lines.slice(0, 3),
      /line 5, which .*, is missing/,
    ],
    ['all deleted', () => [], /line 5, which .*, is missing/],
  ])('finds lines that were %s', (_, change, finding) => {
    const { findings } = verifyAudit(tampered(change), []);
    expect(findings.join('\n')).toMatch(finding);
  });

  it('finds lines that were cut off since, by a head out of another log', () => {
    const [file = ''] = filesIn(folder);
    const lines = linesOf(file);
    const { seq, hash } = JSON.parse(lines.at(-1) ?? '');
    const copy = tampered((all) => all.slice(0, -1));
    expect(verifyAudit(copy, []).findings).toEqual([]);
    expect(verifyAudit(copy, [{ file, seq, hash }]).findings).toEqual([
      `${file}: line ${seq}, which --head remembers, is missing or another one`,
    ]);
    expect(verifyAudit(folder, [{ file, seq, hash }]).findings).toEqual([]);
  });

  it('takes lines as they were before they named a key', () => {
    const copy = mkdtempSync(join(tmpdir(), 'waybill-older-'));
    writeFileSync(join(copy, 'audit-20261129T120000000Z-1a2b3c4d.jsonl'), OLDER);
    expect(verifyAudit(copy, [])).toEqual({ files: 1, lines: 2, findings: [] });
    writeFileSync(join(copy, 'audit-20261129T120000000Z-1a2b3c4d.jsonl'), OLDER.replace('"ada"', '"bob"'));
    expect(verifyAudit(copy, []).findings).toHaveLength(1);
    rmSync(copy, { recursive: true });
  });

  it('does not take a folder without any file, as where all were deleted, for one in which nothing is wrong', () => {
    const copy = mkdtempSync(join(tmpdir(), 'waybill-emptied-'));
    expect(verifyAudit(copy, []).findings).toEqual([`${copy}: there is no file of an audit log in it`]);
    rmSync(copy, { recursive: true });
  });

  it('takes whole files that were opened before a day for deleted in their time, and says which; not their ends, nor others', () => {
    const [first = '', second = ''] = filesIn(folder);
    const today = new Date().toISOString().slice(0, 10);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const without = tampered(() => []);
    expect(verifyAudit(without, [], tomorrow)).toMatchObject({ deleted: [first], findings: [] });
    expect(verifyAudit(without, [], '2020-01-01').findings).toHaveLength(1);
    expect(verifyAudit(folder, [], today)).not.toHaveProperty('deleted');
    const cutOff = tampered((lines) => lines.slice(0, 3));
    expect(verifyAudit(cutOff, [], tomorrow).findings).toEqual([
      `${first}: line 5, which ${second} remembers, is missing or another one`,
    ]);
  });

  it('says so by its exit code', async () => {
    const run = (...args: readonly string[]) =>
      new Promise<{ code: number; out: string }>((resolve) => {
        const bin = join(projectRoot, 'cli', 'bin', 'waybill.mjs');
        execFile(process.execPath, [bin, 'audit', 'verify', ...args], (error, out) =>
          resolve({ code: error ? Number(error.code) : 0, out }),
        );
      });
    expect(await run(folder)).toMatchObject({ code: 0, out: expect.stringContaining('26 lines in 2 files') });
    expect(await run(tampered((lines) => lines.toSpliced(2, 1)))).toMatchObject({ code: 1 });
    expect(await run(folder, '--head', 'nonsense')).toMatchObject({ code: 2 });
  });
});
