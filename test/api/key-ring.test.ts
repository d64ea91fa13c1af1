import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';
import { KeyRing } from '../../api/http/key-ring.ts';
import type { StoredKey } from '../../config.ts';
import { WITHIN } from '../support/within.ts';

function path(): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-key-ring-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'keys.json');
}

/** The keys of the names in that file. */
const keysIn = (file: string): StoredKey[] =>
  readFileSync(file, 'utf8')
    .split(' ')
    .map((name) => ({
      ...({ id: 'key_0123456789ab', name, role: 'ops', scope: {}, expiresAt: null } as const),
      sha256: createHash('sha256').update(`secret of ${name}`).digest('hex'),
    }));

function ringOf(file: string, read: () => readonly StoredKey[]) {
  const logged: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => logged.push(line) });
  const ring = new KeyRing({ keys: [], keyFile: { path: file, read }, logger }, () => {});
  const letsIn = (name: string) => ring.find(`secret of ${name}`) !== null;
  return { letsIn, failures: () => logged.filter((line) => line.includes('could not be read')).length };
}

it('a key that is revoked while the file cannot be read for a moment is refused as soon as it can', async () => {
  const file = path();
  writeFileSync(file, 'ada bob');
  let failuresLeft = 0;
  const ring = ringOf(file, () => {
    if (failuresLeft-- > 0) throw new Error('EMFILE: too many open files');
    return keysIn(file);
  });
  expect([ring.letsIn('ada'), ring.letsIn('bob')]).toEqual([true, true]);
  failuresLeft = 2;
  writeFileSync(file, 'ada');
  await vi.waitFor(() => expect(ring.failures()).toBe(1), WITHIN);
  expect(ring.letsIn('bob')).toBe(true);
  await vi.waitFor(() => expect(ring.letsIn('bob')).toBe(false), WITHIN);
  expect(ring.letsIn('ada')).toBe(true);
  expect(ring.failures()).toBe(1);
});

it('a key that is revoked while the API starts, just after the file was read, is refused too', async () => {
  const file = path();
  writeFileSync(file, 'ada bob');
  let reads = 0;
  const ring = ringOf(file, () => {
    const keys = keysIn(file);
    if (++reads === 1) writeFileSync(file, 'ada');
    return keys;
  });
  await vi.waitFor(() => expect(ring.letsIn('bob')).toBe(false), WITHIN);
  expect(ring.letsIn('ada')).toBe(true);
});
