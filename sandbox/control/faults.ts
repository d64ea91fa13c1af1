import type { Fault, FaultEffect, FaultMatch } from '../http/faults.ts';
import { isNamedFault, NAMED_FAULTS } from '../http/faults.ts';
import type { Json } from '../views/json.ts';
import { checkFields, type FieldChecks, isHash } from './checks.ts';
import { ControlError, type ControlRequest, type Handler } from './handler.ts';
import type { World } from './world.ts';

const DELAY_MS_MAX = 600_000;

const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 1;

const MATCH: FieldChecks = {
  method: [isText, 'must be text'],
  path: [isText, 'must be text'],
  nth: [isCount, 'must be an integer from 1'],
  times: [(value) => value === 'always' || isCount(value), 'must be an integer from 1, or always'],
};

const EFFECT: FieldChecks = {
  error: [(value) => isText(value) || isHash(value), 'must be a name or an object'],
  status: [
    (value) => Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599,
    'must be an HTTP status from 200 to 599',
  ],
  delay_ms: [
    (value) => typeof value === 'number' && value >= 0 && value <= DELAY_MS_MAX,
    `must be a number from 0 to ${DELAY_MS_MAX}`,
  ],
  drop: [(value) => typeof value === 'boolean', 'must be true or false'],
  when: [(value) => value === 'before' || value === 'after', 'must be before or after'],
};

/** The fields of Stripe's error object. */
const ERROR: FieldChecks = Object.fromEntries(
  ['type', 'code', 'decline_code', 'message', 'param', 'charge'].map((name) => [
    name,
    [isText, 'must be text'],
  ]),
);

function addFault(world: World, { body }: ControlRequest): Fault {
  const { match = {}, effect, ...rest } = body;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new ControlError(`unknown field: ${unknown}`);
  if (!isHash(effect) || Object.keys(effect).length === 0) throw new ControlError('effect is missing');
  checkFields('effect', effect, EFFECT, 'effect');
  checkFields('match', match, MATCH, 'match');
  checkError(effect.error);
  return world.faults.add(match as FaultMatch, effect as FaultEffect);
}

function checkError(error: unknown): void {
  if (error === undefined) return;
  if (typeof error !== 'string') {
    checkFields('effect.error', error, ERROR);
  } else if (!isNamedFault(error)) {
    throw new ControlError(`unknown error: ${error}; named ones are ${NAMED_FAULTS.join(', ')}`);
  }
}

function removeAll(world: World): Json {
  world.faults.clear();
  return { deleted: true };
}

function remove(world: World, { id }: ControlRequest): Json {
  world.faults.clear(id);
  return { id, deleted: true };
}

export const faultControls: Record<string, Handler> = {
  'GET /_sandbox/faults': (world) => ({ object: 'list', data: world.faults.list() }),
  'POST /_sandbox/faults': addFault,
  'DELETE /_sandbox/faults': removeAll,
  'DELETE /_sandbox/faults/:id': remove,
};
