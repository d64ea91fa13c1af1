import type { Command } from 'commander';
import pc from 'picocolors';
import { EXIT } from '../exit-codes.ts';
import { money, print, printJson, printTable } from '../output.ts';
import { does } from '../run.ts';

export function addRecon(program: Command): void {
  const recon = program.command('recon').description('all balances, compared with the orders');
  does(
    recon.command('run').description('reconcile now, unless a run is in progress'),
    async ({ waybill, json }) => {
      const run = await waybill.reconciliation.run();
      return json ? printJson(run) : print('It runs. Its result: waybill recon show');
    },
  );
  does(
    recon
      .command('statement')
      .description(
        'the statement of a day (2026-01-31) as CSV: what moved each balance, by account and order',
      )
      .argument('<date>')
      .option('--account <account>', 'of one connected account alone'),
    async ({ waybill }, [date = ''], { account }) => {
      const query = { date, ...(account ? { connected_account: account } : {}) };
      print((await waybill.reports.dailyStatement({ query })).trimEnd());
    },
  );
  does(
    recon
      .command('payout')
      .description('the orders whose money an automatic payout paid out, as CSV')
      .argument('<account>')
      .argument('<payout>', "Stripe's id (po_…)"),
    async ({ waybill }, [account = '', payout = '']) => {
      const query = { connected_account: account, payout };
      print((await waybill.reports.payoutStatement({ query })).trimEnd());
    },
  );
  const show = recon.command('show').description('show the last one; exit code 1 if a cent is unexplained');
  does(show, async ({ waybill, json }) => {
    const report = await waybill.reconciliation.get({ query: { limit: 100 } });
    const code = report.reconciled ? EXIT.done : EXIT.wrong;
    if (json) printJson(report);
    if (json) return code;
    const verdict = report.reconciled
      ? pc.green('Every cent is explained')
      : pc.red(`${report.difference_count} differences`);
    print(`${verdict}, ${report.period.from} to ${report.period.to}`);
    const sides = [
      ...report.totals.map((total) => ({ side: 'platform', ...total })),
      ...report.connected.totals.map((total) => ({ side: 'connected', ...total })),
    ];
    printTable(
      ['side', 'currency', 'matched', 'explained', 'pending', 'unexplained'],
      sides.map(({ side, currency, ...tallies }) => [
        side,
        currency,
        ...[tallies.matched, tallies.explained, tallies.pending, tallies.unexplained].map(
          ({ count, amount }) => `${money(amount, currency)} (${count})`,
        ),
      ]),
    );
    for (const difference of report.differences.data) print(JSON.stringify(difference));
    return code;
  });
}
