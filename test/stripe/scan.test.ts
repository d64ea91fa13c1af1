import { expect, it } from 'vitest';
import { scan } from '../../stripe/scan.ts';

const tooFew = {
  limit: 10,
  startingAfter: undefined,
  page: async () => ({ data: [{ id: 'po_1' }], has_more: true }),
  keep: () => false,
};

it('a list in which too little fits is refused, with a way out where there is one', async () => {
  await expect(scan(tooFew)).rejects.toThrow(/entries match\. Narrow the list with created\[gte\]/);
  await expect(scan({ ...tooFew, hasNoPeriod: true })).rejects.toThrow(/entries match\.$/);
});
