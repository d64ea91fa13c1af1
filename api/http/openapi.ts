import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { Endpoint } from './endpoint.ts';
import { ANSWER_HEADERS, answersOf } from './openapi-answers.ts';
import { withDescriptions } from './openapi-descriptions.ts';
import type { Schemas } from './openapi-null.ts';
import { nullApart } from './openapi-null.ts';
import { withPlainTypes } from './openapi-types.ts';
import type { WebhookDoc } from './openapi-webhooks.ts';
import { webhookConfig } from './openapi-webhooks.ts';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** The OpenAPI document of these endpoints, out of the schemas that validate their requests, and of what Waybill sends. */
export function openApiDocument(
  endpoints: readonly Endpoint[],
  webhooks: readonly WebhookDoc[],
): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'apiKey', { type: 'http', scheme: 'bearer' });
  for (const [name, { description, type }] of Object.entries(ANSWER_HEADERS)) {
    registry.registerComponent('headers', name, { description, schema: { type } });
  }
  for (const endpoint of endpoints) registry.registerPath(routeConfig(endpoint));
  for (const webhook of webhooks) registry.registerWebhook(webhookConfig(webhook));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Waybill',
      version: '1',
      description:
        'Durable payment orchestration on Stripe Connect. Amounts are integers in the currency’s minor unit; times are RFC 3339 in UTC.',
    },
    servers: [{ url: '/' }],
  });
  const plain = withPlainTypes({ ...document, components: withDescriptions(document.components ?? {}) });
  return nullApart(plain.components.schemas as Schemas)(plain);
}

function routeConfig(endpoint: Endpoint): RouteConfig {
  const { method, name, path, role, tag, summary, params, query, headers, body, rawBodyMax } = endpoint;
  return {
    method,
    path,
    operationId: name,
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
