import createTab from '@bomb.sh/tab/commander';
import { Command, Option } from 'commander';
import { addAccounts } from './commands/accounts.ts';
import { addAttention } from './commands/attention.ts';
import { addAudit } from './commands/audit.ts';
import { addDisputes } from './commands/disputes.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvents } from './commands/events.ts';
import { addKeys } from './commands/keys.ts';
import { addLinks } from './commands/links.ts';
import { addFind } from './commands/list-orders.ts';
import { addPayouts, addTransfers } from './commands/money.ts';
import { addOrders } from './commands/orders.ts';
import { addRecon } from './commands/recon.ts';
import { EXIT } from './exit-codes.ts';

const program = new Command('waybill')
  .description('Waybill on the command line. Without settings it speaks to `npm start` on this machine.')
  .addOption(
    new Option('--url <url>', 'where the API is').env('WAYBILL_URL').default('http://127.0.0.1:3000'),
  )
  .addOption(new Option('--api-key <key>', 'role read to look, ops to act').env('WAYBILL_API_KEY'))
  .addOption(
    new Option('--temporal-ui <url>', 'for links')
      .env('WAYBILL_TEMPORAL_UI')
      .default('http://127.0.0.1:8233'),
  )
  .addOption(
    new Option('--namespace <name>', "Temporal's, for links").env('TEMPORAL_NAMESPACE').default('default'),
  )
  .option('--json', 'print JSON')
  .addHelpText('after', '\nAmounts are minor units: 1000 is 10.00 USD. Exit codes and examples: docs/cli.md')
  .showHelpAfterError('Try --help.')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.done : EXIT.usage));

addOrders(program);
addFind(program);
addAttention(program);
addAccounts(program);
addTransfers(program);
addPayouts(program);
addDisputes(program);
addRecon(program);
addEvents(program);
addLinks(program);
addKeys(program);
addAudit(program);
addDoctor(program);
createTab(program);

await program.parseAsync();
