import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import {
  atLeastOneOf,
  exactlyOneOf,
  notTogether,
  oneOfEach,
  unless,
} from '../../../domain/commands/rules.ts';

const holds = (rule: object) => new Ajv({ strict: false }).compile(rule);

describe('a rule among the fields of a body', () => {
  it.each([
    ['not together', notTogether('a', 'b'), { a: 1 }, { a: 1, b: 1 }],
    ['at least one', atLeastOneOf('a', 'b'), { a: 1, b: 1 }, {}],
    ['exactly one', exactlyOneOf('a', 'b'), { b: 1 }, { a: 1, b: 1 }],
    ['one value of each', { properties: oneOfEach({ a: [1, 2] }) }, { a: 2 }, { a: 3 }],
    ['one value', { properties: oneOfEach({ a: [1] }) }, {}, { a: 3 }],
    ['unless the field has that value', unless({ a: [1] }, { required: ['b'] }), { a: 2, b: 1 }, { a: 2 }],
  ])('%s holds for %o', (_, rule, good, bad) => {
    expect(holds(rule)(good)).toBe(true);
    expect(holds(rule)(bad)).toBe(false);
  });
});
