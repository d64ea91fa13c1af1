import type { Command } from 'commander';
import pc from 'picocolors';
import type { Finding } from '../doctor/checks.ts';
import { examine, testWebhooks } from '../doctor/checks.ts';
import { EXIT } from '../exit-codes.ts';
import { print, printJson } from '../output.ts';
import { does } from '../run.ts';

const SIGNS: Readonly<Record<Finding['state'], string>> = {
  ok: pc.green('✓'),
  warning: pc.yellow('!'),
  wrong: pc.red('✗'),
  unknown: pc.dim('?'),
};

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('what is reachable, configured and wrong; exit code 1 if something is wrong')
    .option(
      '--webhooks',
      'have Stripe send a harmless event to each webhook endpoint, and see whether it comes',
    )
    .option(
      '--account <account>',
      'with --webhooks: try the Connect endpoint too, by a mark in the metadata of this account',
    );
  does(command, async ({ waybill, url, readMetrics, json }, _, { webhooks, account }) => {
    const patient = { waybill, url, readMetrics, now: Date.now };
    const looked = await examine(patient);
    const findings = webhooks ? [...looked, ...(await testWebhooks(patient, account))] : looked;
    if (json) printJson({ data: findings });
    else
      for (const { check, state, detail } of findings)
        print(`${SIGNS[state]} ${check.padEnd(17)}  ${detail}`);
    return findings.some(({ state }) => state === 'wrong') ? EXIT.wrong : EXIT.done;
  });
}
