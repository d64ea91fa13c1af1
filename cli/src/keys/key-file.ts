import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** A key as the API reads it (docs/keys.md): its secret is not in it. Times are RFC 3339. */
export interface Key {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly sha256: string;
  readonly created: string;
  readonly expires?: string;
  readonly revoked?: string;
  readonly scope?: Scope;
}

/** What a key is confined to; amounts in minor units by currency. */
interface Scope {
  readonly accounts?: readonly string[];
  readonly refund_max?: Readonly<Record<string, number>>;
  readonly transfer_max?: Readonly<Record<string, number>>;
  readonly payout_max?: Readonly<Record<string, number>>;
  readonly per_day?: Readonly<Partial<Record<'refund' | 'transfer' | 'payout', DayLimit>>>;
}

/** What may be moved in a day (UTC), and how often. */
export interface DayLimit {
  readonly max?: Readonly<Record<string, number>>;
  readonly count?: number;
}

/** Only its owner may read a new file. */
const NEW_FILE_MODE = 0o600;

/** The keys of a file; none yet if there is no file. */
export function readKeys(path: string): readonly Key[] {
  const text = textIn(path);
  if (text === null) return [];
  const { keys } = Object(parsed(path, text));
  if (!Array.isArray(keys)) throw new Error(`${path} is not a key file`);
  return keys;
}

/**
 * Replaces the file at once: whoever reads it sees the old keys or the new ones. Two changes at a time would lose one, so the second
 * is refused.
 */
export function changeKeys<T extends { readonly keys: readonly Key[] }>(
  path: string,
  change: (keys: readonly Key[]) => T,
): T {
  const next = `${path}.next`;
  try {
    writeFileSync(next, '', { flag: 'wx', mode: NEW_FILE_MODE });
  } catch (error) {
    if (Object(error).code !== 'EEXIST') throw error;
    throw new Error(
      `${next} exists: another change is running, or one was interrupted. If none is running, remove the file.`,
    );
  }
  try {
    const changed = change(readKeys(path));
    writeFileSync(next, `${JSON.stringify({ keys: changed.keys }, null, 2)}\n`);
    keepRights(path, next);
    renameSync(next, path);
    return changed;
  } finally {
    rmSync(next, { force: true });
  }
}

/** A new secret, and the entry that knows it again. */
export function newKey(fields: Omit<Key, 'id' | 'sha256' | 'created'>): { secret: string; key: Key } {
  const secret = `wbk_${randomBytes(32).toString('base64url')}`;
  const { name, role, ...more } = fields;
  const key = {
    id: `key_${randomBytes(6).toString('hex')}`,
    name,
    role,
    sha256: createHash('sha256').update(secret).digest('hex'),
    created: new Date().toISOString(),
    ...more,
  };
  return { secret, key };
}

/** Whether the API lets its secret in. */
export function isActive({ expires, revoked }: Key, now = Date.now()): boolean {
  return revoked === undefined && (expires === undefined || now < Date.parse(expires));
}

function textIn(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (Object(error).code === 'ENOENT') return null;
    throw error;
  }
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${path} is not JSON`);
  }
}

/** The API has to be able to read what replaces its file, whoever changed it under whatever umask: otherwise the old keys would still hold. */
function keepRights(path: string, next: string): void {
  const before = statSync(path, { throwIfNoEntry: false });
  if (!before) return;
  const { uid, gid } = statSync(next);
  try {
    if (uid !== before.uid || gid !== before.gid) chownSync(next, before.uid, before.gid);
  } catch (error) {
    if (Object(error).code !== 'EPERM') throw error;
    throw new Error(`${path} belongs to another user or group: change it as its owner, or as root`);
  }
  chmodSync(next, before.mode & 0o7777);
}
