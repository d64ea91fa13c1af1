import Ajv from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServedApp } from './serve-app.ts';
import { serveApp } from './serve-app.ts';

type Json = { [key: string]: Json } & string;

let app: ServedApp;
let document: Json;
beforeAll(async () => {
  app = await serveApp();
  document = (await app.call('GET', '/openapi.json', { as: null })).body;
});
afterAll(() => app.stop());

describe('the OpenAPI document', () => {
  it('is 3.1 and names each operation once', () => {
    expect(document.openapi).toBe('3.1.0');
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has only references that lead somewhere', () => {
    const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) {
      const path = reference.slice('"$ref":"#/'.length, -1).split('/');
      expect(
        path.reduce<Json | undefined>((at, key) => at?.[key], document),
        reference,
      ).toBeDefined();
    }
  });

  it('has schemas that JSON Schema 2020-12 accepts', () => {
    const ajv = new Ajv.default({ strict: false, logger: false, validateFormats: false });
    ajv.addSchema(Object.assign({ $id: 'waybill' }, document));
    for (const name of Object.keys(document.components?.schemas ?? {})) {
      expect(() => ajv.compile({ $ref: `waybill#/components/schemas/${name}` }), name).not.toThrow();
    }
  });

  it('has every route that the app serves, and no other', async () => {
    for (const { method, path } of operations()) {
      const answer = await app.call(
        method,
        path.replace('{id}', 'acct_1').replace('{payment_method}', 'pm_1'),
        { as: null },
      );
      expect([method, path, answer.status]).not.toEqual([method, path, 404]);
    }
    const { body } = await app.call('GET', '/v1/orders/o/nothing', { as: null });
    expect(body.status).toBe(404);
  });

  it('tells the role of every operation that asks for a key', () => {
    for (const { operation, path } of operations()) {
      if (operation.security?.length !== 0)
        expect(operation.description, path).toMatch(/Role: `(read|service|ops)`/);
    }
  });

  it('documents a POST with its headers and its body', () => {
    const post = document.paths?.['/v1/orders']?.post;
    expect(post?.parameters).toMatchObject([{ name: 'Idempotency-Key' }, { name: 'Prefer' }]);
    expect(post?.requestBody?.required).toBe(true);
    expect(document.components?.schemas?.OrderCreate?.required).toEqual([
      'amount',
      'currency',
      'connected_account',
    ]);
    expect(document.components?.schemas?.OrderCreate?.additionalProperties).toBe(false);
  });
});

describe('what the document says of a request', () => {
  it('offers Prefer only where the answer may be a 202', () => {
    const offered = operations().filter(({ operation }) =>
      JSON.stringify(operation.parameters ?? []).includes('"name":"Prefer"'),
    );
    expect(offered.length).toBeGreaterThan(10);
    for (const { operation, path } of offered) expect(operation.responses, path).toHaveProperty('202');
  });

  it('has the body of Stripe’s events, and the table that a report can be had as', () => {
    expect(document.paths?.['/webhooks/stripe']?.post?.requestBody).toMatchObject({ required: true });
    for (const report of ['fees', 'reconciliation']) {
      const answer = document.paths?.[`/v1/reports/${report}`]?.get?.responses?.['200'] as Json | undefined;
      expect(Object.keys(answer?.content ?? {}), report).toEqual(['application/json', 'text/csv']);
    }
  });
});

function operations() {
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Json).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation: operation as Json,
    })),
  );
}
