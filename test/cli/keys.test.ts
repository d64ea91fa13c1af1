import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../config.ts';
import { projectRoot } from '../../dev/project-root.ts';
import type { ServedApp } from '../api/serve-app.ts';
import { serveApp } from '../api/serve-app.ts';
import { WITHIN } from '../support/within.ts';

const BIN = join(projectRoot, 'cli', 'bin', 'waybill.mjs');
const folder = mkdtempSync(join(tmpdir(), 'waybill-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'keys.json');

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function keys(...args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env.PATH ?? '', WAYBILL_API_KEYS_FILE: file, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, 'keys', ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out: out.trim(), err }),
    );
  });
}

const json = async (...args: readonly string[]) => JSON.parse((await keys(...args, '--json')).out);

let app: ServedApp;
let first: string;
const logged: string[] = [];
beforeAll(async () => {
  first = (await keys('create', 'ada', '--role', 'ops')).out;
  const logger = pino({ level: 'info' }, { write: (line: string) => logged.push(line) });
  const { keyFile } = loadConfig({ WAYBILL_API_KEYS_FILE: file }).api;
  app = await serveApp({ keys: [], keyFile, logger });
});
afterAll(() => app?.stop());

/** Whether the API lets that secret in: what is missing then is the Idempotency-Key. */
async function opens(secret: string): Promise<boolean> {
  const headers = { Authorization: `Bearer ${secret}` };
  const { status } = await app.call('POST', '/v1/orders', { as: null, headers, body: {} });
  expect([400, 401]).toContain(status);
  return status === 400;
}

const inTime = (condition: () => Promise<void>) => vi.waitFor(condition, WITHIN);

describe('waybill keys', () => {
  it('makes a key with 256 random bits, and keeps only its hash', async () => {
    expect(first).toMatch(/^wbk_[\w-]{43}$/);
    expect(readFileSync(file, 'utf8')).not.toContain(first.slice(4));
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(await opens(first)).toBe(true);
    expect(await opens(`${first}x`)).toBe(false);
  });

  it('rotates a key: both secrets work until the overlap ends, without a restart', async () => {
    const second = (await keys('rotate', 'ada', '--overlap', '0')).out;
    await inTime(async () => expect(await opens(second)).toBe(true));
    expect(await opens(first)).toBe(false);
    const third = (await keys('rotate', 'ada')).out;
    await inTime(async () => expect(await opens(third)).toBe(true));
    expect(await opens(second)).toBe(true);
  });

  it('revokes one secret or a whole key, without a restart', async () => {
    const { id, secret } = await json('create', 'bob', '--role', 'ops', '--expires-in', '30');
    await inTime(async () => expect(await opens(secret)).toBe(true));
    expect(await keys('revoke', id)).toMatchObject({ code: 0 });
    await inTime(async () => expect(await opens(secret)).toBe(false));
    const { data } = await json('list');
    expect(data.filter(({ name }: { name: string }) => name === 'bob')).toMatchObject([
      { id, role: 'ops', revoked: expect.any(String) },
    ]);
  });

  it('refuses what would make two callers one, and says why', async () => {
    expect(await keys('create', 'ada', '--role', 'ops')).toMatchObject({
      code: 1,
      err: expect.stringContaining('a key ada exists: rotate it'),
    });
    expect(await keys('revoke', 'nobody')).toMatchObject({ code: 1, err: expect.stringContaining('nobody') });
    expect(await keys('create', 'eve', '--role', 'root')).toMatchObject({ code: 2 });
  });

  it('gives the name of an expired key away, with another role, and the API takes the file', async () => {
    await json('create', 'temp', '--role', 'read', '--expires-in', '0');
    const { secret } = await json('create', 'temp', '--role', 'ops');
    await inTime(async () => expect(await opens(secret)).toBe(true));
    await keys('revoke', 'temp');
    await inTime(async () => expect(await opens(secret)).toBe(false));
  });

  it('makes no key that the API would refuse, with the whole file', async () => {
    const before = readFileSync(file, 'utf8');
    for (const name of ['stripe', 'waybill', 'temporal', 'anonymous']) {
      expect((await keys('create', name, '--role', 'read')).err).toContain('choose another');
    }
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('rotates back from a secret that leaked, without the end of the overlap', async () => {
    await json('create', 'leaky', '--role', 'read');
    const { id } = await json('rotate', 'leaky');
    await keys('revoke', id);
    expect(await json('rotate', 'leaky')).not.toHaveProperty('expires');
  });

  it('confines a key, and keeps that through a rotation', async () => {
    const limits = ['--account', 'acct_1', '--account', 'acct_2', '--refund-max', 'usd:5000,eur:4500'];
    const days = [
      '--refunds-per-day',
      'usd:9000,count:20',
      '--payouts-per-day',
      'count:1',
      '--payout-max',
      'usd:1',
    ];
    const scope = {
      accounts: ['acct_1', 'acct_2'],
      refund_max: { usd: 5000, eur: 4500 },
      payout_max: { usd: 1 },
      per_day: { refund: { max: { usd: 9000 }, count: 20 }, payout: { count: 1 } },
    };
    await keys('create', 'desk', '--role', 'ops', ...limits, ...days);
    expect(await json('rotate', 'desk')).toMatchObject({ name: 'desk', scope });
    const read = loadConfig({ WAYBILL_API_KEYS_FILE: file }).api.keyFile?.read() ?? [];
    expect(read.filter(({ name }) => name === 'desk')).toMatchObject([{ scope }, { scope }]);
    for (const wrong of ['5000', 'usd:1,count:x', 'count:1,count:2']) {
      expect(await keys('create', 'x', '--role', 'ops', '--refunds-per-day', wrong)).toMatchObject({
        code: 2,
      });
    }
  });

  it('changes what confines a key, under the secrets that it has, and leaves the rest', async () => {
    const limits = [
      '--refund-max',
      'usd:5000',
      '--refunds-per-day',
      'count:20',
      '--payouts-per-day',
      'count:1',
    ];
    const { secret, scope, ...key } = await json('create', 'till', '--role', 'ops', ...limits);
    expect(await json('change', 'till', '--refund-max', 'usd:100', '--lift', 'payouts-per-day')).toEqual({
      data: [{ ...key, scope: { ...scope, refund_max: { usd: 100 }, per_day: { refund: { count: 20 } } } }],
    });
    const read = () => loadConfig({ WAYBILL_API_KEYS_FILE: file }).api.keyFile?.read() ?? [];
    const till = () => read().filter(({ name }) => name === 'till');
    expect(till()).toMatchObject([
      { scope: { refund_max: { usd: 100 }, per_day: { refund: { count: 20 } } } },
    ]);
    await inTime(async () => expect(await opens(secret)).toBe(true));
    expect(await keys('change', 'till', '--lift', 'refund-max', '--lift', 'refunds-per-day')).toMatchObject({
      code: 0,
      err: expect.stringContaining('confined to nothing'),
    });
    expect((await json('list')).data.find(({ name }: { name: string }) => name === 'till')).toEqual(key);
  });

  it('changes nothing where it is not clear what', async () => {
    const before = readFileSync(file, 'utf8');
    for (const [args, why] of [
      [['ada'], 'name a limit'],
      [['ada', '--refund-max', 'usd:1', '--lift', 'refund-max'], 'at once'],
      [['nobody', '--refund-max', 'usd:1'], 'no key nobody is active'],
      [['ada', '--lift', 'role'], 'one of account'],
    ] as const) {
      const { code, err } = await keys('change', ...args);
      expect([code > 0, err]).toEqual([true, expect.stringContaining(why)]);
    }
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('keeps the owner and the rights of the file, so that the API can read every change', async () => {
    const owned = join(folder, 'owned.json');
    const change = (...args: readonly string[]) =>
      new Promise<number>((resolve) => {
        const run = [
          '-c',
          'umask 077; exec "$@"',
          'sh',
          process.execPath,
          BIN,
          'keys',
          '--file',
          owned,
          ...args,
        ];
        execFile('/bin/sh', run, (error) => resolve(error ? Number(error.code) : 0));
      });
    expect(await change('create', 'ada', '--role', 'ops')).toBe(0);
    // Only root may give a file away.
    const [uid, gid] = process.getuid?.() === 0 ? [12_345, 12_346] : [process.getuid?.(), process.getgid?.()];
    chownSync(owned, Number(uid), Number(gid));
    chmodSync(owned, 0o640);
    expect(await change('revoke', 'ada')).toBe(0);
    const after = statSync(owned);
    expect([after.uid, after.gid, after.mode & 0o777]).toEqual([uid, gid, 0o640]);
    expect(readFileSync(owned, 'utf8')).toContain('revoked');
  });

  it('a file that is broken later shuts nobody out, and the log says so', async () => {
    const { secret } = await json('create', 'carl', '--role', 'ops');
    await inTime(async () => expect(await opens(secret)).toBe(true));
    writeFileSync(file, '{ broken');
    await inTime(async () => expect(logged.join('')).toContain('could not be read again'));
    expect(await opens(secret)).toBe(true);
  });
});
