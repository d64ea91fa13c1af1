import { parseArgs } from 'node:util';
import { measureOrderPath } from './order-path.ts';
import { measureReconciliation } from './reconciliation/measure.ts';
import { printReconciliation } from './reconciliation/report.ts';
import { printReport } from './report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    orders: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    concurrency: { type: 'string', default: '16' },
    rows: { type: 'string', default: '300000' },
    json: { type: 'boolean', default: false },
  },
});
const [question = 'order-path'] = positionals;
const progress = (line: string) => process.stderr.write(`${line}\n`);

switch (question) {
  case 'order-path': {
    const report = await measureOrderPath({
      orders: Number(values.orders ?? '300'),
      rounds: Number(values.rounds),
      concurrency: Number(values.concurrency),
      progress,
    });
    printReport(report, values.json);
    break;
  }
  case 'reconciliation': {
    const [rows, orders] = [Number(values.rows), Number(values.orders ?? '2000')];
    printReconciliation(await measureReconciliation({ rows, orders, progress }), values.json);
    break;
  }
  default:
    throw new Error(`There is no bench "${question}". There are: order-path, reconciliation.`);
}
