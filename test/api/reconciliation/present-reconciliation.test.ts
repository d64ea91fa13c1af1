import { expect, it } from 'vitest';
import { reconciliationCsv } from '../../../api/reconciliation/reconciliation-csv.ts';
import type { ReconciliationReport } from '../../../domain/reconciliation/reconciliation.ts';
import { NOTHING_FOUND } from '../../../domain/reconciliation/reconciliation.ts';
import { NOW } from '../../support/builders.ts';

it('a report is a table that no text in it can break out of', () => {
  const report: ReconciliationReport = {
    from: NOW,
    to: NOW,
    findings: {
      ...NOTHING_FOUND,
      transactions: { jpy: { matched: { count: 2, amount: -190 } } },
      reasons: { jpy: { payout: { count: 1, amount: -5 } } },
      differences: [
        {
          id: 'txn_1',
          code: 'foreign_payment',
          orderId: '=cmd|"/c calc"\nnext',
          transaction: 'txn_1',
          account: null,
          amount: -7,
          currency: 'jpy',
          since: NOW - 1_000,
        },
      ],
      differenceCount: 1,
    },
  };
  expect(reconciliationCsv(report, NOW).split('\r\n')).toEqual([
    'record,currency,standing,reason,count,amount,order,connected_account,balance_transaction,since,age_seconds',
    'total,jpy,matched,,2,-190,,,,,',
    'total,jpy,explained,,0,0,,,,,',
    'total,jpy,unexplained,,0,0,,,,,',
    'total,jpy,pending,,0,0,,,,,',
    'reason,jpy,explained,payout,1,-5,,,,,',
    `difference,jpy,unexplained,foreign_payment,1,-7,"'=cmd|""/c calc""\nnext",,txn_1,2026-01-04T23:59:59.000Z,1`,
    '',
  ]);
});
