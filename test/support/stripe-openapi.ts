/**
 * Stripe's official OpenAPI description as a judge of responses. It ships inside the Go module of stripe-mock, so Go
 * finds (or downloads) it; see `noGo` in stripe-mock.ts for machines without Go.
 *
 * The description holds 1,500 schemas that refer to each other in circles. Each is compiled when a response first
 * needs it: `$ref`s become a keyword of ours that looks the next validator up while it validates. The same keyword
 * knows Stripe's expandable fields ("a string, or one of these objects") and picks the one object whose `object`
 * matches, so that an error names the field that is wrong and not every branch that didn't fit.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Ajv,
  type ErrorObject,
  type SchemaObject,
  type SchemaValidateFunction,
  type ValidateFunction,
} from 'ajv';
import { stripeMockModule } from './stripe-mock.ts';

const REF_PREFIX = '#/components/schemas/';
const CURRENCY = /^[a-z]{3}$/;
const DECIMAL = /^-?\d+(\.\d+)?$/;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface Schema {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  enum?: Json[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  format?: string;
  maxLength?: number;
  pattern?: string;
}

interface Operation {
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

interface Document {
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface Answer {
  readonly method: string;
  /** With or without the query. */
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

/** What `$ref` and expandable fields become: any of these, told apart by type and by the `object` field. */
interface OneOfSchemas {
  readonly refs: readonly string[];
  readonly string: boolean;
  readonly null: boolean;
}

export class StripeOpenApi {
  readonly version: string;
  readonly #document: Document;
  readonly #ajv: Ajv;
  readonly #validators = new Map<Schema, ValidateFunction>();

  constructor(document: Document) {
    this.#document = document;
    this.version = document.info.version;
    // strict mode refuses what isn't JSON Schema, and OpenAPI has much of that (x-…, its own formats).
    this.#ajv = new Ajv({ strict: false, allErrors: true, logger: false });
    this.#ajv.addFormat('currency', CURRENCY);
    this.#ajv.addFormat('decimal', DECIMAL);
    this.#ajv.addFormat('unix-time', { type: 'number', validate: (seconds: number) => seconds >= 0 });
    this.#addOneOfSchemas();
  }

  /** What is wrong with an answer, one line an error; empty when it is as described. */
  violations(answer: Answer): string[] {
    const schema = this.#responseSchema(answer);
    return typeof schema === 'string' ? [schema] : this.#violations(schema, answer.body);
  }

  /** The same for an object that comes without a request, in an event: `object` tells what it is. */
  objectViolations(object: { object: string }): string[] {
    return this.#violations(this.#component(object.object), object);
  }

  #violations(schema: Schema, body: unknown): string[] {
    const validate = this.#compiled(schema);
    if (validate(body)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath || '(body)'} ${saying(error)}`);
  }

  /** Fields that the description doesn't know, as `schema.field`: a typing error, or an undocumented field. */
  undocumentedFields(answer: Answer): string[] {
    const schema = this.#responseSchema(answer);
    if (typeof schema === 'string') return [];
    const found = new Set<string>();
    this.#collectUndocumented(schema, answer.body, '(body)', found);
    return [...found].sort();
  }

  /** Of each text parameter how long it may be, by its name on the wire, `company[address][city]`. */
  textLimits(method: string, path: string): Map<string, number> {
    const limits = new Map<string, number>();
    const contents = Object.values(this.#operation(method, path)?.requestBody?.content ?? {});
    for (const { schema } of contents) if (schema) collectTextLimits(schema, '', limits);
    return limits;
  }

  #responseSchema({ method, path, status }: Answer): Schema | string {
    const pathname = path.replace(/\?.*$/, '');
    const operation = this.#operation(method, pathname);
    if (operation === undefined) return `Stripe describes no ${method} ${pathname}`;
    const response = operation.responses[String(status)] ?? operation.responses.default;
    const schema = response?.content?.['application/json']?.schema;
    return schema ?? `Stripe describes no ${status} for ${method} ${pathname}`;
  }

  #operation(method: string, pathname: string): Operation | undefined {
    const parts = pathname.split('/');
    const candidates = Object.entries(this.#document.paths)
      .filter(([template]) => {
        const expected = template.split('/');
        return (
          expected.length === parts.length &&
          expected.every((part, at) => part.startsWith('{') || part === parts[at])
        );
      })
      // /v1/accounts/{account}/… and /v1/balance/history: the fewer placeholders, the closer the match.
      .sort(([a], [b]) => placeholders(a) - placeholders(b));
    for (const [, operations] of candidates) {
      const operation = operations[method.toLowerCase()];
      if (operation !== undefined) return operation;
    }
    return undefined;
  }

  #compiled(schema: Schema): ValidateFunction {
    const known = this.#validators.get(schema);
    if (known !== undefined) return known;
    const validate = this.#ajv.compile(toJsonSchema(schema));
    this.#validators.set(schema, validate);
    return validate;
  }

  #component(name: string): Schema {
    const schema = this.#document.components.schemas[name];
    if (schema === undefined) throw new Error(`Stripe's description refers to a schema it lacks: ${name}`);
    return schema;
  }

  #addOneOfSchemas(): void {
    const validate: SchemaValidateFunction = (wanted: OneOfSchemas, data: unknown, _parent, context) => {
      const at = context?.instancePath ?? '';
      validate.errors = this.#faults(wanted, data).map((fault) => ({
        ...fault,
        instancePath: `${at}${fault.instancePath ?? ''}`,
      }));
      return validate.errors.length === 0;
    };
    this.#ajv.addKeyword({ keyword: 'oneOfSchemas', errors: 'full', validate });
  }

  #faults(wanted: OneOfSchemas, data: unknown): Partial<ErrorObject>[] {
    if (data === null && wanted.null) return [];
    if (typeof data === 'string' && wanted.string) return [];
    if (!isRecord(data)) return [{ message: `is ${kind(data)}, but must be ${describeWanted(wanted)}` }];

    const ref = this.#pick(wanted.refs, data);
    if (ref === undefined) return [{ message: `fits none of ${wanted.refs.join(', ')}` }];
    const validate = this.#compiled(this.#component(ref));
    return validate(data) ? [] : [...(validate.errors ?? [])];
  }

  /** The schema whose `object` is the data's; among several (or without one), the one that finds no fault. */
  #pick(refs: readonly string[], data: Record<string, unknown>): string | undefined {
    if (refs.length === 1) return refs[0];
    const sameObject = refs.filter((ref) => {
      const named = this.#component(ref).properties?.object?.enum;
      return named === undefined || named.includes(data.object as Json);
    });
    if (sameObject.length <= 1) return sameObject[0];
    const faultless = sameObject.find((ref) => this.#compiled(this.#component(ref))(data));
    return faultless ?? sameObject[0];
  }

  #collectUndocumented(schema: Schema, data: unknown, owner: string, found: Set<string>): void {
    if (Array.isArray(data)) {
      for (const item of data) this.#collectUndocumented(schema.items ?? {}, item, owner, found);
      return;
    }
    if (!isRecord(data)) return;

    if (schema.$ref !== undefined) {
      const name = refName(schema.$ref);
      this.#collectUndocumented(this.#component(name), data, name, found);
      return;
    }
    if (schema.anyOf !== undefined) {
      const refs = schema.anyOf.flatMap((branch) =>
        branch.$ref === undefined ? [] : [refName(branch.$ref)],
      );
      const ref = this.#pick(refs, data);
      const branch =
        ref === undefined ? schema.anyOf.find(({ properties }) => properties) : this.#component(ref);
      if (branch !== undefined) this.#collectUndocumented(branch, data, ref ?? owner, found);
      return;
    }
    if (schema.properties === undefined) return; // metadata and the like: any key

    for (const [key, value] of Object.entries(data)) {
      const known = schema.properties[key];
      if (known === undefined) found.add(`${owner}.${key}`);
      else this.#collectUndocumented(known, value, `${owner}.${key}`, found);
    }
  }
}

let loading: Promise<StripeOpenApi> | undefined;

/** The description that the pinned stripe-mock carries; read once a process. */
export function loadStripeOpenApi(): Promise<StripeOpenApi> {
  loading ??= (async () => {
    const { dir } = await stripeMockModule();
    const text = await readFile(join(dir, 'embedded', 'openapi', 'spec3.json'), 'utf8');
    return new StripeOpenApi(JSON.parse(text) as Document);
  })();
  return loading;
}

/** OpenAPI 3.0 → JSON Schema, one schema deep: what it refers to stays a name. */
function toJsonSchema(schema: Schema): SchemaObject {
  const { $ref, anyOf, nullable = false, properties, items, additionalProperties } = schema;
  if ($ref !== undefined) {
    return { oneOfSchemas: { refs: [refName($ref)], string: false, null: nullable } satisfies OneOfSchemas };
  }
  if (anyOf?.some((branch) => branch.$ref !== undefined) && anyOf.every(isStringOrRef)) {
    const refs = anyOf.flatMap((branch) => (branch.$ref === undefined ? [] : [refName(branch.$ref)]));
    const string = anyOf.some((branch) => branch.type === 'string');
    return { oneOfSchemas: { refs, string, null: nullable } satisfies OneOfSchemas };
  }

  const result: SchemaObject = {};
  if (schema.type !== undefined) result.type = nullable ? [schema.type, 'null'] : schema.type;
  if (schema.enum !== undefined) result.enum = nullable ? [...schema.enum, null] : schema.enum;
  if (schema.format !== undefined) result.format = schema.format;
  if (schema.maxLength !== undefined) result.maxLength = schema.maxLength;
  if (schema.pattern !== undefined) result.pattern = schema.pattern;
  if (schema.required !== undefined) result.required = schema.required;
  if (items !== undefined) result.items = toJsonSchema(items);
  if (anyOf !== undefined) {
    result.anyOf = [...anyOf.map(toJsonSchema), ...(nullable ? [{ type: 'null' }] : [])];
  }
  if (properties !== undefined) {
    result.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, toJsonSchema(property)]),
    );
  }
  if (additionalProperties !== undefined) {
    result.additionalProperties =
      typeof additionalProperties === 'boolean' ? additionalProperties : toJsonSchema(additionalProperties);
  }
  return result;
}

function isStringOrRef(schema: Schema): boolean {
  return schema.$ref !== undefined || (schema.type === 'string' && schema.enum === undefined);
}

function refName(ref: string): string {
  if (!ref.startsWith(REF_PREFIX)) throw new Error(`A $ref that isn't a component's: ${ref}`);
  return ref.slice(REF_PREFIX.length);
}

function placeholders(template: string): number {
  return template.split('{').length - 1;
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function kind(data: unknown): string {
  if (data === null || data === undefined) return String(data);
  return Array.isArray(data) ? 'an array' : `a ${typeof data}`;
}

function describeWanted(wanted: OneOfSchemas): string {
  return [...(wanted.string ? ['a string'] : []), ...wanted.refs, ...(wanted.null ? ['null'] : [])].join(
    ' or ',
  );
}

function saying({ message, params }: ErrorObject): string {
  const allowed = (params as { allowedValues?: Json[] } | undefined)?.allowedValues;
  return allowed === undefined ? String(message) : `${message}: ${allowed.map(String).join(', ')}`;
}

function collectTextLimits(schema: Schema, name: string, limits: Map<string, number>): void {
  if (schema.maxLength !== undefined) limits.set(name, schema.maxLength);
  for (const each of schema.anyOf ?? []) collectTextLimits(each, name, limits);
  for (const [key, each] of Object.entries(schema.properties ?? {}))
    collectTextLimits(each, name === '' ? key : `${name}[${key}]`, limits);
}
