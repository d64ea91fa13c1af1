import { describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes.ts';
import { problem } from '../../domain/errors.ts';

describe('problem', () => {
  it('says why, and where it is known, in which field', () => {
    expect(problem('money_rule', 'Too much.')).toEqual({ code: 'money_rule', detail: 'Too much.' });
    expect(problem('money_rule', 'Too much.', { param: 'amount' })).toEqual({
      code: 'money_rule',
      detail: 'Too much.',
      param: 'amount',
    });
  });
});

describe('the search attributes', () => {
  it('are those that operators’ saved lists and the API’s filters rely on', () => {
    expect(SEARCH_ATTRIBUTES).toMatchObject({
      OrderStatus: 'KEYWORD',
      NeedsAttention: 'BOOL',
      AttentionCode: 'KEYWORD',
      ConnectedAccount: 'KEYWORD',
      Customer: 'KEYWORD',
      PaymentIntent: 'KEYWORD',
      CaptureBefore: 'DATETIME',
    });
  });
});
