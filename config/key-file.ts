import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { KeyScope } from '../domain/commands/key-scope.ts';
import { ROLES, type Role } from '../domain/commands/role.ts';
import type { MoneyOut } from '../domain/limits/day-limits.ts';
import { ConfigError, PUBLISHED, problemOfName, refuseTwoRoles } from './secrets.ts';

/** A key as its file has it: who has its secret cannot be found out from it. */
export interface StoredKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Of the secret, in hex. */
  readonly sha256: string;
  /** Milliseconds since the epoch; null: it does not expire. */
  readonly expiresAt: number | null;
  readonly scope: KeyScope;
}

const VARIABLE = 'WAYBILL_API_KEYS_FILE';
const PUBLISHED_HASHES: ReadonlySet<string> = new Set(
  [...PUBLISHED].map((secret) => createHash('sha256').update(secret).digest('hex')),
);

const time = z.iso.datetime({ error: 'must be a time such as 2027-01-31T12:00:00Z' });
const amounts = z.record(z.string().regex(/^[a-z]{3}$/, 'must name currencies as usd'), z.int().min(0));
const dayLimit = z.strictObject({ max: amounts.optional(), count: z.int().min(0).optional() }).optional();
const scope = z.strictObject({
  accounts: z.array(z.string().regex(/^acct_\w+$/, 'must be ids that start with acct_')).optional(),
  refund_max: amounts.optional(),
  transfer_max: amounts.optional(),
  payout_max: amounts.optional(),
  per_day: z
    .strictObject({ refund: dayLimit, transfer: dayLimit, payout: dayLimit } satisfies Record<
      MoneyOut,
      unknown
    >)
    .optional(),
});
const keyFile = z.strictObject({
  keys: z.array(
    z.strictObject({
      id: z.string().regex(/^key_[0-9a-f]{12}$/, 'must be key_ and 12 hex digits'),
      name: z.string().refine((name) => problemOfName(name) === null, {
        error: ({ input }) => problemOfName(String(input)) ?? '',
      }),
      role: z.enum(ROLES),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'),
      created: time,
      scope: scope.default({}),
      expires: time.optional(),
      revoked: time.optional(),
    }),
  ),
});

/** The keys of the file that are neither revoked nor expired; none is no mistake: the last one may be, too. `waybill keys` writes it; the messages name the entry that is wrong. */
export function readKeyFile(path: string): readonly StoredKey[] {
  const parsed = keyFile.safeParse(jsonIn(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(VARIABLE, `${path}: ${placeOf(issue?.path ?? [])} ${issue?.message}`);
  }
  const keys = parsed.data.keys
    .filter(({ revoked, expires }) => revoked === undefined && !isPast(expires))
    .map(({ id, name, role, sha256, expires, scope: given }) => ({
      id,
      name,
      role,
      sha256,
      expiresAt: expires === undefined ? null : Date.parse(expires),
      scope: withoutAbsent(given),
    }));
  if (new Set(keys.map(({ sha256 }) => sha256)).size < keys.length) {
    throw new ConfigError(VARIABLE, `${path} has the same secret twice`);
  }
  if (keys.some(({ sha256 }) => PUBLISHED_HASHES.has(sha256))) {
    throw new ConfigError(VARIABLE, `${path} has a secret that is published with Waybill`);
  }
  refuseTwoRoles(VARIABLE, keys);
  return keys;
}

/** Its name may be another key's by now. */
function isPast(expires: string | undefined): boolean {
  return expires !== undefined && Date.parse(expires) <= Date.now();
}

function withoutAbsent(given: z.output<typeof scope>): KeyScope {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? `${path} is not JSON` : String(Object(error).message);
    throw new ConfigError(VARIABLE, why);
  }
}

function placeOf([, index, field]: readonly PropertyKey[]): string {
  if (index === undefined) return 'the file';
  return field === undefined ? `key ${Number(index) + 1}` : `key ${Number(index) + 1}: ${String(field)}`;
}
