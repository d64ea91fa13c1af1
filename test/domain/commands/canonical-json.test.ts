import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '../../../domain/commands/canonical-json.ts';

it('is one text for equal values, and the JSON of the value', () => {
  expect(canonicalJson(['x', { b: [{ d: 1, c: null }], a: '' }])).toBe(
    '["x",{"a":"","b":[{"c":null,"d":1}]}]',
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
