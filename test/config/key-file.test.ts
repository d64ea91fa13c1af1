import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config.ts';

const SECRET = 'wbk_a-secret-of-this-test-alone';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const KEY = {
  id: 'key_0123456789ab',
  name: 'ada',
  role: 'ops',
  sha256: sha256(SECRET),
  created: '2026-11-29T12:00:00Z',
};
const OTHER = { ...KEY, id: 'key_ba9876543210', sha256: sha256('another') };
const PLACE = { STRIPE_API_BASE: 'http://sandbox:12111', WAYBILL_STATE_SECRET: 'x'.repeat(40) };

const folder = mkdtempSync(join(tmpdir(), 'waybill-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function fileWith(content: unknown): string {
  files += 1;
  const path = join(folder, `${files}.keys.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const load = (content: unknown, more = {}) =>
  loadConfig({ ...PLACE, WAYBILL_API_KEYS_FILE: fileWith(content), ...more }).api;

it('a file of keys takes the place of WAYBILL_API_KEYS, and has no secret in it', () => {
  const { keys, keyFile } = load({ keys: [{ ...KEY, expires: '2027-01-01T00:00:00Z' }] });
  expect(keys).toEqual([]);
  expect(keyFile?.read()).toEqual([
    {
      id: KEY.id,
      name: 'ada',
      role: 'ops',
      sha256: KEY.sha256,
      expiresAt: Date.parse('2027-01-01T00:00:00Z'),
      scope: {},
    },
  ]);
});

it('what is revoked is not read, though it be the last key', () => {
  expect(load({ keys: [{ ...KEY, revoked: '2026-11-30T12:00:00Z' }] }).keyFile?.read()).toEqual([]);
});

describe('a file that is wrong stops the process with one line that names the variable:', () => {
  it.each<[string, unknown, RegExp]>([
    ['no JSON', 'ada:ops:secret', /is not JSON$/],
    ['another shape', {}, /keys\.json: the file .*array/],
    ['a role that is none', { keys: [{ ...KEY, role: 'root' }] }, /key 1: role /],
    ['a secret instead of its hash', { keys: [{ ...KEY, sha256: SECRET }] }, /key 1: sha256 must be 64 hex/],
    ['a name that reads like another actor', { keys: [KEY, { ...OTHER, name: 'stripe' }] }, /key 2: name /],
    ['a time that is none', { keys: [{ ...KEY, expires: 'soon' }] }, /key 1: expires must be a time/],
    ['a field that is misspelled', { keys: [{ ...KEY, expiry: 'x' }] }, /key 1 .*expiry/],
    ['a scope that is misspelled', { keys: [{ ...KEY, scope: { refunds: 5 } }] }, /key 1: scope .*refunds/],
    ['one secret twice', { keys: [KEY, { ...KEY, id: 'key_ba9876543210' }] }, /the same secret twice/],
    ['a secret that is published', { keys: [{ ...KEY, sha256: sha256('dev_ops') }] }, /is published/],
    ['one name with two roles', { keys: [KEY, { ...OTHER, role: 'read' }] }, /the same name with two roles/],
  ])('%s', (_, content, message) => {
    expect(() => load(content)).toThrow(/^WAYBILL_API_KEYS_FILE: /);
    expect(() => load(content)).toThrow(message);
    expect(() => load(content)).not.toThrow(SECRET);
  });

  it('a file that is not there, or keys beside it', () => {
    expect(() => load({ keys: [KEY] }, { WAYBILL_API_KEYS_FILE: '/nowhere' })).toThrow(
      /^WAYBILL_API_KEYS_FILE: .*\/nowhere/,
    );
    expect(() => load({ keys: [KEY] }, { WAYBILL_API_KEYS: `shop:service:${'y'.repeat(30)}` })).toThrow(
      /^WAYBILL_API_KEYS_FILE: is set beside WAYBILL_API_KEYS/,
    );
  });
});
