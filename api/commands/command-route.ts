import type { z } from 'zod';
import type { Role } from '../../domain/commands/role.ts';
import type { Validated } from '../../domain/commands/validate.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { commandHeaders } from '../http/headers.ts';

/** What the API needs to know of a command's definition. */
export interface Routed<Body> {
  readonly kind: string;
  readonly update: string;
  readonly description: string;
  readonly role: Role;
  readonly path: string;
  readonly message: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly read: (fields: unknown) => Validated<Body>;
}

/** The objects that take the command. */
interface Subject<Params extends z.ZodObject> {
  readonly name: string;
  readonly tag: Endpoint['tag'];
  readonly path: string;
  readonly params: Params;
}

/** What the endpoints of all commands are made of; `body`: instead of the definition's own. */
export function commandRoute<Params extends z.ZodObject>(
  definition: Routed<unknown>,
  subject: Subject<Params>,
  body = definition.body ?? definition.message,
) {
  const path = definition.path === '' ? subject.path : `${subject.path}/${definition.path}`;
  return {
    method: 'post',
    name: `${subject.name}.${definition.update}`,
    path,
    role: definition.role,
    tag: subject.tag,
    summary: definition.description,
    params: withNamed(subject.params, definition),
    headers: commandHeaders,
    body,
  } as const;
}

/** The command of these fields, which the endpoint's schemas have checked. */
export function commandOf<Body>(definition: Routed<Body>, fields: Readonly<Record<string, unknown>>): Body {
  const { value, refusal } = definition.read(fields);
  if (refusal) throw new ProblemError(refusal);
  return value;
}

/** The parameters of its path: the subject's, and what the command's own part names. */
function withNamed<Params extends z.ZodObject>(params: Params, { path, message }: Routed<unknown>): Params {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const named = Object.entries(message.shape).filter(([name]) => names.includes(name));
  return named.length === 0 ? params : (params.extend(Object.fromEntries(named)) as Params);
}
