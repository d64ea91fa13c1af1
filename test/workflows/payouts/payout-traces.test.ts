import { expect, it } from 'vitest';
import { newTraces } from '../../../workflows/payouts/payout-traces.ts';
import { payoutFacts } from '../../support/builders.ts';

const waiting = payoutFacts({ status: 'paid', traceId: { status: 'pending', value: null } });
const traced = payoutFacts({ status: 'paid', traceId: { status: 'supported', value: '0910' } });
const reversed = { ...traced, reversedBy: 'po_back' };

it.each([
  ['nothing before there is one', null, waiting, []],
  [
    'nothing where the bank gives none',
    waiting,
    { ...traced, traceId: { status: 'unsupported', value: null } },
    [],
  ],
  ['its number once it is there', waiting, traced, ['trace_id 0910 po_1']],
  ['not its number again when it comes on', traced, { ...traced, status: 'failed' as const }, []],
  ['the number of one that was made again', traced, { ...traced, id: 'po_2' }, ['trace_id 0910 po_2']],
  ['that it was reversed', traced, reversed, ['payout_reversed by po_back po_1']],
  ['not again that it was reversed', reversed, reversed, []],
  ['nothing of what is not at Stripe', traced, null, []],
])('the timeline of a payout says %s', (_, before, now, entries) => {
  const said = newTraces(before, now).map(({ name, detail, stripeId }) => `${name} ${detail} ${stripeId}`);
  expect(said).toEqual(entries);
});
