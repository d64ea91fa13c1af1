import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { malformed } from '../../domain/commands/commands.ts';
import { envelope } from '../support/builders.ts';

describe('malformed', () => {
  it.each([
    envelope('a'),
    { ...envelope('a'), kind: 'capture', amount: null },
    { ...envelope('a'), amount: 1 },
  ])('lets in %o', (message) => {
    expect(malformed(message)).toBeNull();
  });

  it.each([
    undefined,
    null,
    'text',
    [],
    {},
    { ...envelope('a'), commandId: '' },
    { ...envelope('a'), actor: 7 },
  ])('refuses %o, which names no command', (message) => {
    expect(malformed(message)).toMatchObject({
      code: 'invalid_request',
      detail: expect.stringMatching('commandId'),
    });
  });

  it.each([0, -1, 1.5, '5', Number.NaN])('refuses the amount %j', (amount) => {
    expect(malformed({ ...envelope('a'), amount })).toMatchObject({
      code: 'invalid_request',
      param: 'amount',
    });
  });

  it.each([
    ['final', 'false'],
    ['final', null],
    ['submit', 1],
  ])('refuses a flag that is neither true nor false: %s %j', (flag, value) => {
    expect(malformed({ ...envelope('a'), [flag]: value })).toMatchObject({
      code: 'invalid_request',
      param: flag,
    });
  });

  it('never throws, whatever JSON comes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (message) => {
        expect(['invalid_request', undefined]).toContain(malformed(message)?.code);
      }),
    );
  });
});
