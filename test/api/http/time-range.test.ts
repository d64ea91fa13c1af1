import { expect, it } from 'vitest';
import { z } from 'zod';
import { compares } from '../../../api/backend/visibility-filter.ts';
import { timeRange } from '../../../api/http/time-range.ts';

const query = z.strictObject(timeRange('created'));

it.each([
  ['0000-01-01T00:00:00+14:00', '1970-01-01T00:00:00.000Z'],
  ['1600-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ['2026-01-31T12:00:00+01:00', '2026-01-31T11:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '2262-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59-14:00', '2262-01-01T00:00:00.000Z'],
])('asks Temporal for a time that it can read, however far %s is', (given, asked) => {
  const since = query.parse({ 'created[gte]': given })['created[gte]'];
  expect(compares('StartTime', 'gte', since ?? Number.NaN)).toBe(`StartTime >= '${asked}'`);
});

it('takes no day or hour that there is not', () => {
  for (const given of ['2026-02-30T00:00:00Z', '2026-01-31T24:00:00Z', '2026-01-31', '1769860800']) {
    expect(query.safeParse({ 'created[gte]': given }).success, given).toBe(false);
  }
});
