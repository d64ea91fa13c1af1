import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../api/backend/visibility-filter.ts';
import { all, compares, equals, isOneOf } from '../../api/backend/visibility-filter.ts';

const AT = Date.parse('2026-01-02T03:04:05.006Z');

describe('a visibility query', () => {
  it.each<[string | boolean, string]>([
    ['cus_1', "Customer = 'cus_1'"],
    ["it's", "Customer = 'it''s'"],
    ['back\\slash', "Customer = 'back\\\\slash'"],
    [`' OR WorkflowType != '`, "Customer = ''' OR WorkflowType != '''"],
    [true, 'Customer = true'],
  ])('quotes %j', (value, query) => {
    expect(equals('Customer', value)).toBe(query);
  });

  it.each<[Comparison, string]>([
    ['gt', "StartTime >= '2026-01-02T03:04:05.007Z'"],
    ['gte', "StartTime >= '2026-01-02T03:04:05.006Z'"],
    ['lt', "StartTime < '2026-01-02T03:04:05.006Z'"],
    ['lte', "StartTime < '2026-01-02T03:04:05.007Z'"],
  ])('takes a time as its whole millisecond: %s', (comparison, query) => {
    expect(compares('StartTime', comparison, AT)).toBe(query);
  });

  it('names several values', () => {
    expect(isOneOf('WorkflowId', ['order/a', "order/b'"])).toBe("WorkflowId IN ('order/a', 'order/b''')");
  });

  it('joins conditions', () => {
    expect(all(['a = 1', 'b = 2'])).toBe('a = 1 AND b = 2');
  });
});
