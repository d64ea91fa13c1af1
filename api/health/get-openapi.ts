import { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import type { OpenApiDocument } from '../http/openapi.ts';
import { openApiDocument } from '../http/openapi.ts';
import type { WebhookDoc } from '../http/openapi-webhooks.ts';

/** The document of `endpoints`, which includes this endpoint itself. `docsUrl`: where the guides are published. */
export function getOpenApi(
  endpoints: readonly Endpoint[],
  webhooks: readonly WebhookDoc[],
  docsUrl: string | null,
): Endpoint {
  const guides =
    docsUrl === null ? {} : { externalDocs: { url: docsUrl, description: 'Guides and runbook' } };
  let document: OpenApiDocument | undefined;
  const self = endpoint({
    method: 'get',
    name: 'service.openapi',
    path: '/openapi.json',
    role: 'open',
    tag: 'Service',
    summary: 'This document',
    responses: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({}) } },
    async handle() {
      document ??= openApiDocument([...endpoints, self], webhooks);
      return { status: 200, body: { ...document, ...guides } };
    },
  });
  return self;
}
