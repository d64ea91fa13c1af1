import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { Endpoint } from './endpoint.ts';
import { ANSWER_HEADERS, answersOf } from './openapi-answers.ts';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** The OpenAPI document of these endpoints, out of the schemas that validate their requests. */
export function openApiDocument(endpoints: readonly Endpoint[]): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'apiKey', { type: 'http', scheme: 'bearer' });
  for (const [name, { description, type }] of Object.entries(ANSWER_HEADERS)) {
    registry.registerComponent('headers', name, { description, schema: { type } });
  }
  for (const endpoint of endpoints) registry.registerPath(routeConfig(endpoint));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Waybill',
      version: '1',
      description:
        'Durable payment orchestration on Stripe Connect. Amounts are integers in the currency’s minor unit; times are RFC 3339 in UTC.',
    },
    servers: [{ url: '/' }],
  });
}

function routeConfig(endpoint: Endpoint): RouteConfig {
  const { method, path, role, tag, summary, params, query, headers, body, rawBodyMax } = endpoint;
  return {
    method,
    path,
    operationId: operationId(endpoint),
    tags: [tag],
    summary,
    ...(role === 'open'
      ? { security: [] }
      : { description: `Role: \`${role}\`.`, security: [{ apiKey: [] }] }),
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...(headers ? { headers } : {}),
      ...(body
        ? {
            body: {
              required: !body.safeParse({}).success,
              content: { 'application/json': { schema: body } },
            },
          }
        : {}),
      ...(rawBodyMax === undefined ? {} : { body: RAW_BODY }),
    },
    responses: answersOf(endpoint),
  };
}

const RAW_BODY = {
  required: true,
  description: 'Byte for byte as it was signed.',
  content: { 'application/json': { schema: { type: 'object' as const } } },
};

/** `postV1OrdersIdCapture`: stable names for generated clients. */
function operationId({ method, path }: Endpoint): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
