import { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import type { OpenApiDocument } from '../http/openapi.ts';
import { openApiDocument } from '../http/openapi.ts';

/** The document of `endpoints`, which includes this endpoint itself. */
export function getOpenApi(endpoints: readonly Endpoint[]): Endpoint {
  let document: OpenApiDocument | undefined;
  const self = endpoint({
    method: 'get',
    path: '/openapi.json',
    role: 'open',
    tag: 'Service',
    summary: 'This document',
    responses: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({}) } },
    async handle() {
      document ??= openApiDocument([...endpoints, self]);
      return { status: 200, body: document };
    },
  });
  return self;
}
