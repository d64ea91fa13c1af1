import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import type { Head } from '../audit/verify.ts';
import { verifyAudit } from '../audit/verify.ts';
import { EXIT } from '../exit-codes.ts';
import { print, printJson } from '../output.ts';
import { doesLocally } from '../run.ts';

/** The API's audit log, in its folder: no request is sent. */
export function addAudit(program: Command): void {
  const audit = program.command('audit').description('the audit log of the API processes');
  const verify = audit
    .command('verify')
    .argument('<folder>', 'with the files of all API processes')
    .option('--head <file:line:hash>', 'an audit_head out of a log; may be repeated', collected)
    .description('whether it is as it was written; exit code 1 if not');
  doesLocally(verify, ({ json }, [folder = ''], { head = [] }) => {
    const verified = verifyAudit(folder, head);
    const { files, lines, findings } = verified;
    if (json) printJson(verified);
    else {
      for (const finding of findings) print(`${pc.red('✗')} ${finding}`);
      if (findings.length === 0)
        print(`${pc.green('✓')} ${lines} lines in ${files} files are as they were written`);
    }
    return findings.length === 0 ? EXIT.done : EXIT.wrong;
  });
}

function collected(text: string, others: readonly Head[] = []): readonly Head[] {
  const [, file, seq, hash] = /^(.+\.jsonl):(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (file === undefined || hash === undefined) throw new InvalidArgumentError('file:line:hash.');
  return [...others, { file, seq: Number(seq), hash }];
}
