import type { Command } from 'commander';
import pc from 'picocolors';
import type { Finding } from '../doctor/checks.ts';
import { examine } from '../doctor/checks.ts';
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
    .description('what is reachable, configured and wrong; exit code 1 if something is wrong');
  does(command, async ({ waybill, url, json }) => {
    const findings = await examine({ waybill, url, now: Date.now });
    if (json) printJson({ data: findings });
    else
      for (const { check, state, detail } of findings)
        print(`${SIGNS[state]} ${check.padEnd(14)}  ${detail}`);
    return findings.some(({ state }) => state === 'wrong') ? EXIT.wrong : EXIT.done;
  });
}
