import { documentOfApi } from './openapi.ts';

/** Called by browsers, Stripe and Prometheus, not by clients. */
const NOT_FOR_CLIENTS: ReadonlySet<string> = new Set([
  'webhooks.stripe',
  'oauth.callback',
  'service.metrics',
  'service.readMetrics',
  'service.openapi',
]);

interface Json {
  [key: string]: unknown;
}

/**
 * The OpenAPI document as the client is generated from it: without what no client calls, with an `Idempotency-Key` that may be
 * left out (the client makes one), and without rules among fields, which types cannot say.
 */
export function documentForClients(): Json {
  const document = structuredClone(documentOfApi()) as unknown as Json;
  const paths = document.paths as Record<string, Record<string, Json>>;
  for (const methods of Object.values(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (NOT_FOR_CLIENTS.has(operation.operationId as string)) delete methods[method];
      for (const parameter of (operation.parameters ?? []) as Json[]) {
        if (parameter.name === 'Idempotency-Key') parameter.required = false;
      }
    }
  }
  return withoutRules(document) as Json;
}

/** A boolean that is not the other one, as TypeScript has it: `true`. */
function constant({ not, ...node }: Json): Json {
  return { ...node, enum: [!(not as { enum: readonly boolean[] }).enum[0]] };
}

const RULES = ['allOf', 'anyOf', 'oneOf', 'not', 'dependentRequired'];

/** An object schema's own fields are its type; what stands beside them are rules. */
function withoutRules(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(withoutRules);
  const isObject = 'type' in node && node.type === 'object' && 'properties' in node;
  if ('type' in node && node.type === 'boolean' && 'not' in node) return constant(node);
  const entries = Object.entries(node).filter(([name]) => !isObject || !RULES.includes(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutRules(value)]));
}
