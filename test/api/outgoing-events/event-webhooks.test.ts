import Ajv from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { documentOfApi } from '../../../dev/client/openapi.ts';
import { EVENT_KINDS, EVENT_TYPES } from '../../../domain/outgoing-events/event-types.ts';
import { payloadOf } from '../../../event-delivery/payload.ts';
import { sampleData } from '../../support/event-samples.ts';

const document = documentOfApi();
const webhooks = document.webhooks as Record<string, { post?: { summary?: string } }>;
const ajv = new Ajv.default({ strict: false, logger: false, validateFormats: false });
ajv.addSchema({ $id: 'waybill', ...document });
const TYPES = EVENT_KINDS.flatMap((kind) => EVENT_TYPES[kind].map((type) => [type, kind] as const));

describe('the OpenAPI document', () => {
  it.each(TYPES)('has %s as a webhook, with the body that is sent', (type, kind) => {
    expect(webhooks?.[type]?.post?.summary).toBeTruthy();
    const event = { id: `evt_${kind}~1~1`, type, createdAt: 0, data: sampleData(kind) };
    const $ref = `waybill#/webhooks/${type}/post/requestBody/content/application~1json/schema`;
    const validate = ajv.compile({ $ref });
    expect(validate(JSON.parse(payloadOf(event))), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...JSON.parse(payloadOf(event)), type: 'order.other' })).toBe(false);
    expect(validate({ ...JSON.parse(payloadOf(event)), data: {} })).toBe(false);
  });
});
