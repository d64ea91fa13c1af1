import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyAudit } from '../../cli/src/audit/verify.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { WITHIN } from '../support/within.ts';
import type { ServedApp } from './serve-app.ts';
import { serveApp } from './serve-app.ts';

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
}, 60_000);
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

  it('is whole where several processes write at once, each in its own file', () => {
    expect(filesIn(folder)).toHaveLength(2);
    expect(verifyAudit(folder, [])).toMatchObject({ findings: [] });
  });
});

describe('waybill audit verify', () => {
  /** A copy in which somebody had a hand. `first`: the file of the process that was there first. */
  function tampered(change: (lines: string[]) => readonly string[]): string {
    const copy = mkdtempSync(join(tmpdir(), 'waybill-tampered-'));
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
