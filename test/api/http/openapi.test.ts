import Ajv from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServedApp } from '../serve-app.ts';
import { serveApp } from '../serve-app.ts';

type Json = { [key: string]: Json } & string;

let app: ServedApp;
let document: Json;
const ajv = new Ajv.default({ strict: false, logger: false, validateFormats: false });
beforeAll(async () => {
  app = await serveApp();
  document = (await app.call('GET', '/openapi.json', { as: null })).body;
  ajv.addSchema(Object.assign({ $id: 'waybill' }, document));
});
afterAll(() => app.stop());

describe('the OpenAPI document', () => {
  it('is 3.1 and names each operation once', () => {
    expect(document.openapi).toBe('3.1.0');
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('orders.capture');
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/);
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
    for (const name of Object.keys(document.components?.schemas ?? {})) {
      expect(() => ajv.compile({ $ref: `waybill#/components/schemas/${name}` }), name).not.toThrow();
    }
  });

  it('has no component that is null itself: a field says whether it may be', () => {
    expect(components().filter(([, { type }]) => String(type).includes('null'))).toEqual([]);
    expect(JSON.stringify(document)).not.toContain('["object","null"]');
    const order = document.components?.schemas?.Order?.properties;
    expect(order?.next_action).toMatchObject({ anyOf: [{ type: 'object' }, { type: 'null' }] });
    const orNull = (name: string) => ({
      anyOf: [{ $ref: `#/components/schemas/${name}` }, { type: 'null' }],
    });
    expect(order).toMatchObject({ pending: orNull('Pending'), needs_attention: orNull('NeedsAttention') });
  });

  it('says of a boolean that is always the same what it is not', () => {
    expect(JSON.stringify(document)).not.toMatch(/"type":"boolean","enum"/);
    const accepted = document.components?.schemas?.AccountCreate?.properties?.tos_shown_and_accepted;
    expect(accepted).toMatchObject({ type: 'boolean', not: { enum: [false] } });
  });

  it('says that an amount has 64 bits, and of nothing small', () => {
    const fields = document.components?.schemas?.Order?.properties;
    expect([fields?.amount?.format, fields?.application_fee_amount?.format]).toEqual(['int64', 'int64']);
    expect(document.components?.schemas?.OrderCreate?.properties?.amount?.format).toBe('int64');
    const parameters = document.paths?.['/v1/orders']?.get?.parameters ?? {};
    const limit = (Object.values(parameters) as Json[]).find(({ name }) => name === 'limit');
    expect(limit?.schema).toMatchObject({ type: 'integer', maximum: 100 });
    expect(limit?.schema).not.toHaveProperty('format');
  });

  it('has no limit in the form of which generators read another one', () => {
    expect(JSON.stringify(document)).not.toMatch(/"exclusiveM(in|ax)imum"/);
  });

  it('has no component of the name that generators give to a field of another', () => {
    const pascalCase = (name: string) => name.replace(/(^|_)(\w)/g, (_, __, letter) => letter.toUpperCase());
    const given = components().flatMap(([name, { properties = {} }]) =>
      (Object.entries(properties) as [string, Json][])
        .filter(([, field]) => String(field.type).includes('object') || field.enum)
        .map(([field]) => `${name}${pascalCase(field)}`),
    );
    expect(given.length).toBeGreaterThan(20);
    expect(given.filter((name) => name in (document.components?.schemas ?? {}))).toEqual([]);
  });

  it('has webhooks under no tag of an operation, over whose file generators would write them', () => {
    const tagsOf = (items: readonly Json[]) => new Set(items.map(({ tags }) => String(tags)));
    const ofWebhooks = tagsOf(
      Object.values((document.webhooks ?? {}) as Json).flatMap((methods) => Object.values(methods) as Json[]),
    );
    const ofOperations = tagsOf(operations().map(({ operation }) => operation));
    expect(ofWebhooks.size).toBeGreaterThan(0);
    expect([...ofWebhooks].filter((tag) => ofOperations.has(tag))).toEqual([]);
  });

  it('has the rules among the fields of a body where they are not taken for its type', () => {
    const mistaken = components().filter(
      ([, schema]) => schema.properties && (schema.oneOf || schema.anyOf || schema.not),
    );
    expect(mistaken.map(([name]) => name)).toEqual([]);
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

  it('names the role of every operation that asks for a key', () => {
    for (const { operation, path } of operations()) {
      if (operation.security?.length !== 0)
        expect(operation.description, path).toMatch(/Role: `(read|service|ops)`/);
    }
  });

  it('lets the role read what has no secret: all but what leads a seller to Stripe, receivers’ URLs and diagnostics', () => {
    const closed = operations().filter(
      ({ method, operation }) =>
        method === 'GET' && /Role: `(service|ops)`/.test(operation.description ?? ''),
    );
    expect(closed.map(({ path }) => path).toSorted()).toEqual([
      '/v1/diagnostics',
      '/v1/event_subscriptions',
      '/v1/oauth/authorize',
    ]);
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

describe('what the document says of accounts', () => {
  it("takes the caller's own reference wherever it takes an account, and refuses customers there", () => {
    const asked = JSON.stringify(
      operations().map(({ operation }) => [operation.parameters, operation.requestBody]),
    );
    expect(`${asked}${JSON.stringify(document.components?.schemas)}`).not.toContain('"pattern":"^acct_');
    const validate = ajv.compile({ $ref: 'waybill#/components/schemas/TransferCreate' });
    const isTaken = (destination: string) =>
      validate({ amount: 1, currency: 'usd', description: 'x', destination });
    expect(['acct_1', 'seller-7', 'cus_1', 'a seller'].map(isTaken)).toEqual([true, true, false, false]);
  });
});

describe('what the document says of an answer', () => {
  it('leaves room for fields to come, in every one of them', () => {
    const closed = operations().flatMap(({ path, operation }) =>
      objectsIn(operation.responses)
        .filter((schema) => JSON.stringify(schema.additionalProperties) === 'false')
        .map((schema) => [path, Object.keys(schema.properties ?? {})]),
    );
    expect(closed).toEqual([]);
  });

  it('names the problems that go with what is asked, with one of the known codes', () => {
    const statuses = (path: string, method: string) => Object.keys(responsesOf(path, method));
    expect(statuses('/v1/orders', 'post')).toEqual(
      expect.arrayContaining(['201', '202', '400', '401', '402', '403', '409', '413', '415', '422', '503']),
    );
    expect(statuses('/v1/orders/{id}', 'get')).toEqual(
      expect.arrayContaining(['200', '400', '401', '403', '404', '429', 'default']),
    );
    expect(document.components?.schemas?.Problem?.properties?.code?.enum).toContain('idempotency_key_reused');
  });

  it('has the headers that an answer has', async () => {
    const answer = await app.call('GET', '/v1/orders?limit=0');
    const documented = Object.keys(responsesOf('/v1/orders', 'get')['400']?.headers ?? {});
    expect(documented).toEqual(expect.arrayContaining(['Request-Id', 'RateLimit', 'RateLimit-Policy']));
    for (const name of documented) expect(answer.headers.has(name), name).toBe(true);
    const created = responsesOf('/v1/orders', 'post')['201']?.headers;
    expect(Object.keys(created ?? {})).toEqual(
      expect.arrayContaining(['Location', 'Idempotent-Replayed', 'Preference-Applied']),
    );
    const hasLocation = (path: string, method: string, status: string) =>
      'Location' in (responsesOf(path, method)[status]?.headers ?? {});
    expect(hasLocation('/v1/customers', 'post', '201')).toBe(true);
    expect(hasLocation('/v1/oauth/callback', 'get', '303')).toBe(true);
    expect(hasLocation('/v1/event_subscriptions', 'post', '201')).toBe(false);
    expect(hasLocation('/v1/accounts/{id}/login_link', 'post', '201')).toBe(false);
  });
});

describe('what the document says of a field', () => {
  /** Counts and parts of dates, whose descriptions need no unit. */
  const PLAIN_NUMBERS: ReadonlySet<string> = new Set([
    ...['attempt', 'attempts', 'reauthorizations', 'submission_count', 'sequence', 'status', 'scanned'],
    ...['dropped', 'count', 'difference_count', 'agreeing', 'differing', 'pending', 'unsummed'],
    ...['day', 'month', 'year', 'exp_month', 'exp_year', 'monthly_anchor', 'exchange_rate'],
  ]);
  const UNIT = /minor unit|seconds|days|percent/i;

  it.each(['responses', 'requestBody'] as const)('is there for every one in every %s', (side) => {
    const bodies = operations().map(({ path, operation }) => [path, operation[side] ?? {}] as const);
    const components = [...reachableFrom(bodies)].map(
      (name) => [name, document.components?.schemas?.[name] ?? {}] as const,
    );
    expect(components.length).toBeGreaterThan(10);
    const silent = [...bodies, ...components].flatMap(([name, schema]) =>
      fieldsIn(schema)
        .filter(([, field]) => !isExplained(field))
        .map(([field]) => `${name}: ${field}`),
    );
    expect(silent).toEqual([]);
  });

  it('is there for every parameter and header of a request', () => {
    const parameters = operations().flatMap(({ path, operation }) =>
      (Object.values(operation.parameters ?? {}) as Json[]).map(
        (one) => [`${path}: ${one.name}`, one] as const,
      ),
    );
    expect(parameters.length).toBeGreaterThan(100);
    const silent = parameters.filter(
      ([, { description, schema }]) => !description && !isExplained(schema as Json),
    );
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  it('is more than its name, and ends as a sentence does', () => {
    for (const [name, { description }] of allFields()) {
      if (!description) continue;
      expect(description, name).toMatch(/[.…]$/);
      expect(description.toLowerCase().replaceAll(/[^a-z]/g, ''), name).not.toBe(name.replaceAll('_', ''));
    }
  });

  it('has the unit of every amount and duration', () => {
    const numbers = allFields().filter(([name, { type }]) => !PLAIN_NUMBERS.has(name) && isNumber(type));
    expect(numbers.length).toBeGreaterThan(50);
    const bare = numbers.filter(([name, { description = '' }]) => !UNIT.test(`${name} ${description}`));
    expect(bare.map(([name, { description }]) => `${name}: ${description}`)).toEqual([]);
  });

  it('has the format of every time', () => {
    const times = allFields().filter(
      ([name, { type }]) =>
        isText(type) && /(^|_)(at|until|since|created|expires|deadline|due_by|before)$/.test(name),
    );
    expect(times.length).toBeGreaterThan(20);
    const bare = times.filter(([, { format }]) => format !== 'date-time');
    expect(bare.map(([name]) => name)).toEqual([]);
  });

  const isNumber = (type: unknown) => /integer|number/.test(String(type));
  const isText = (type: unknown) => /string/.test(String(type));
  const allFields = () => fieldsIn([document.components?.schemas, document.paths]);

  /** Of every object in it, but not of the schemas that it refers to. */
  function fieldsIn(schema: unknown): [string, Json][] {
    if (typeof schema !== 'object' || schema === null) return [];
    // Rules among fields name them again.
    const { properties = {}, allOf, anyOf, ...rest } = schema as Readonly<Record<string, object>>;
    const deeper = [
      ...Object.values(rest),
      ...Object.values(properties),
      ...('type' in schema ? [] : [allOf, anyOf]),
    ];
    return [...(Object.entries(properties) as [string, Json][]), ...deeper.flatMap(fieldsIn)];
  }

  /** In its own words, or in those of the schema that it refers to. */
  function isExplained(field: Json): boolean {
    if (field.description) return true;
    const alternatives = (field.anyOf ?? field.oneOf ?? field.allOf ?? []) as unknown as readonly Json[];
    return [field, ...alternatives].some(
      ({ $ref, items }) => isExplainedBy($ref) || isExplainedBy(items?.$ref),
    );
  }

  function isExplainedBy($ref: unknown): boolean {
    const name = String($ref).split('/').at(-1) ?? '';
    return Boolean(document.components?.schemas?.[name]?.description);
  }

  function reachableFrom(schemas: unknown, seen = new Set<string>()): ReadonlySet<string> {
    for (const [, name = ''] of JSON.stringify(schemas).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      if (seen.has(name)) continue;
      seen.add(name);
      reachableFrom(document.components?.schemas?.[name] ?? {}, seen);
    }
    return seen;
  }
});

describe('what the document says of fields that depend on each other', () => {
  const ORDER = { amount: 1000, currency: 'usd', connected_account: 'acct_1' };
  const SCHEDULE = 'PayoutSchedule';
  it.each<[string, string, object, boolean]>([
    ['a payment method', 'OrderCreate', { ...ORDER, payment_method: 'pm_1' }, true],
    ['nothing to pay with', 'OrderCreate', ORDER, false],
    [
      'a token beside a payment method',
      'OrderCreate',
      { ...ORDER, token: 'tok_1', payment_method: 'pm_1' },
      false,
    ],
    [
      'renewal without a customer',
      'OrderCreate',
      { ...ORDER, payment_method: 'pm_1', on_capture_expiry: 'reauthorize' },
      false,
    ],
    [
      'renewal with a customer',
      'OrderCreate',
      { ...ORDER, customer: 'cus_1', on_capture_expiry: 'reauthorize' },
      true,
    ],
    ['two ways to confirm', 'OrderConfirm', { token: 'tok_1', payment_method: 'pm_1' }, false],
    ['nothing to attach', 'PaymentMethodAttach', {}, false],
    ['a type and a controller', 'AccountCreate', { type: 'custom', controller: {} }, false],
    ['a person without the agreement', 'AccountCreate', { type: 'custom', individual: {} }, false],
    ['a change of nothing', 'AccountUpdate', {}, false],
    ['a weekday', SCHEDULE, { interval: 'weekly', weekly_anchor: 'friday' }, true],
    ['no weekday', SCHEDULE, { interval: 'weekly' }, false],
    ['a weekday for every day', SCHEDULE, { interval: 'daily', weekly_anchor: 'friday' }, false],
    ['no evidence to keep', 'DisputeEvidence', { submit: false }, false],
    ['the same event twice', 'EventSubscriptionCreate', { url: 'https://a.test', events: ['*', '*'] }, false],
    ['metadata of Waybill’s own', 'CustomerCreate', { metadata: { waybill_order: 'x' } }, false],
  ])('%s', (_, name, body, isValid) => {
    expect(ajv.compile({ $ref: `waybill#/components/schemas/${name}` })(body)).toBe(isValid);
  });
});

function responsesOf(path: string, method: string): Record<string, Json> {
  return document.paths?.[path]?.[method]?.responses ?? {};
}

/** Every schema of an object under `node`, through references too. */
function objectsIn(node: unknown, seen = new Set<unknown>()): Json[] {
  if (typeof node !== 'object' || node === null || seen.has(node)) return [];
  seen.add(node);
  const reference = '$ref' in node ? String(node.$ref).slice('#/'.length).split('/') : null;
  const target = reference?.reduce<Json | undefined>((at, key) => at?.[key], document);
  const here = 'properties' in node ? [node as unknown as Json] : [];
  return [...here, ...[...Object.values(node), target].flatMap((inner) => objectsIn(inner, seen))];
}

function components() {
  return Object.entries(document.components?.schemas ?? {}) as [string, Json][];
}

function operations() {
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Json).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation: operation as Json,
    })),
  );
}
