import { parseArgs } from 'node:util';
import { measureOrderPath } from './order-path.ts';
import { printReport } from './report.ts';

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '5' },
    concurrency: { type: 'string', default: '16' },
    json: { type: 'boolean', default: false },
  },
});

const report = await measureOrderPath({
  orders: Number(values.orders),
  rounds: Number(values.rounds),
  concurrency: Number(values.concurrency),
  progress: (line) => process.stderr.write(`${line}\n`),
});
printReport(report, values.json);
