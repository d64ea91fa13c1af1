import { createHash, timingSafeEqual } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { KeyFile, StoredKey } from '../../config.ts';
import type { Caller } from './context.ts';
import type { ApiDeps } from './deps.ts';

/** A key without its secret. */
export interface KnownKey extends Caller {
  readonly digest: Buffer;
  /** Milliseconds since the epoch; null: never. */
  readonly expiresAt: number | null;
}

/** How soon a change of the file counts. */
const LOOK_EVERY_MS = 1_000;

/** The keys that open the API. */
export class KeyRing {
  readonly #given: readonly KnownKey[];
  #stored: readonly KnownKey[] = [];

  /** `onChange`: the names of the file's keys, after each change of it. */
  constructor(
    { keys: given, keyFile: file, logger }: Pick<ApiDeps, 'keys' | 'keyFile' | 'logger'>,
    onChange: (names: readonly string[]) => void,
  ) {
    this.#given = given.map(({ name, role, secret }) => ({
      name,
      role,
      keyId: null,
      scope: {},
      digest: sha256(secret),
      expiresAt: null,
    }));
    if (!file) return;
    // Before it is read: what changes meanwhile is seen by the first look.
    const version = versionOf(statSync(file.path, { bigint: true, throwIfNoEntry: false }));
    this.#stored = file.read().map(knownKey);
    this.#watch(file, version, logger, onChange);
  }

  /** Null: no key has that secret, or it has expired. */
  find(secret: string): KnownKey | null {
    const digest = sha256(secret);
    // Every key is compared, in constant time: the duration says nothing about any of them.
    const [match] = this.#valid().filter((key) => timingSafeEqual(key.digest, digest));
    return match ?? null;
  }

  /** Those of one name: several while its secret is rotated. */
  named(name: string): readonly KnownKey[] {
    return this.#valid().filter((key) => key.name === name);
  }

  #valid(): readonly KnownKey[] {
    const now = Date.now();
    return [...this.#given, ...this.#stored].filter(({ expiresAt }) => expiresAt === null || now < expiresAt);
  }

  /**
   * A file that cannot be read changes nothing: no caller is shut out by a slip. It is tried again with each look, so that a failure that
   * passes lets no revoked key in.
   */
  #watch(file: KeyFile, read: string, logger: Logger, onChange: (names: readonly string[]) => void): void {
    let known = read;
    let failed = '';
    const look = async () => {
      const version = versionOf(await stat(file.path, { bigint: true }).catch(() => undefined));
      if (version === known) return;
      try {
        this.#stored = file.read().map(knownKey);
      } catch (error) {
        const failure = `${version} ${error}`;
        if (failure !== failed)
          logger.error({ err: error }, 'the API keys could not be read again: those known before still hold');
        failed = failure;
        return;
      }
      known = version;
      failed = '';
      logger.info({ keys: this.#stored.length }, 'the API keys were read again');
      onChange(this.#stored.map(({ name }) => name));
    };
    setInterval(() => void look(), LOOK_EVERY_MS).unref();
  }
}

/** Another one for another content of the file, however it was changed. */
function versionOf(stats: BigIntStats | undefined): string {
  return stats ? [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ') : 'absent';
}

function knownKey({ id, name, role, scope, sha256: digest, expiresAt }: StoredKey): KnownKey {
  return { keyId: id, name, role, scope, digest: Buffer.from(digest, 'hex'), expiresAt };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
