import type { Json } from '../views/json.ts';

export interface LoggedRequest {
  id: string;
  /** Seconds of the sandbox's clock. */
  created: number;
  method: string;
  path: string;
  params: Json;
  idempotency_key: string | null;
  stripe_account: string | null;
  stripe_version: string;
  /** Null: the connection was cut. */
  status: number | null;
  replayed: boolean;
  fault: string | null;
}

const KEPT_REQUESTS = 10_000;

const SECRET_KEYS = new Set([
  'account_holder_name',
  'account_number',
  'client_secret',
  'cvc',
  'dob',
  'first_name',
  'id_number',
  'id_number_secondary',
  'last_name',
  'maiden_name',
  'number',
  'registration_number',
  'routing_number',
  'ssn_last_4',
  'tax_id',
  'vat_id',
]);

/** Whole people and companies, with everything in them. */
const SECRET_HASHES = new Set(['company', 'individual', 'person']);

function isSecret(key: string, value: unknown): boolean {
  return SECRET_KEYS.has(key) || (SECRET_HASHES.has(key) && typeof value === 'object');
}

/** Card and identity data stay out of everything that is kept or shown. */
function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isSecret(key, item) ? '[redacted]' : redact(item)]),
  );
}

export class RequestLog {
  private requests: LoggedRequest[] = [];

  add(request: LoggedRequest): void {
    this.requests.push({ ...request, params: redact(request.params) as Json });
    if (this.requests.length > 2 * KEPT_REQUESTS) this.requests = this.requests.slice(-KEPT_REQUESTS);
  }

  /** Oldest first. */
  list(): readonly LoggedRequest[] {
    return this.requests.slice(-KEPT_REQUESTS);
  }

  clear(): void {
    this.requests = [];
  }
}
