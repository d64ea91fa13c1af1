import type { Backend } from '../../api/backend/backend.ts';
import { openApiDocument } from '../../api/http/openapi.ts';
import { eventWebhooks } from '../../api/outgoing-events/event-webhooks.ts';
import { createEndpoints } from '../../api/routes.ts';

/** Stands for every part of a running API: handlers would need one, and none is called. */
const nothing: object = new Proxy(class {}, {
  get: () => nothing,
  construct: () => nothing,
  apply: () => nothing,
});

/** The OpenAPI document that the API serves, made without a running one. */
export function documentOfApi() {
  return openApiDocument(createEndpoints(nothing as Backend), eventWebhooks);
}
