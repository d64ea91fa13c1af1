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
    .option('--deleted-before <date>', 'files opened before that day (2026-01-31) may have been deleted', day)
    .description('whether it is as it was written; exit code 1 if not');
  doesLocally(verify, ({ json }, [folder = ''], { head = [], deletedBefore = null }) => {
    const verified = verifyAudit(folder, head, deletedBefore);
    const { files, lines, deleted = [], findings } = verified;
    if (json) printJson(verified);
    else {
      for (const finding of findings) print(`${pc.red('✗')} ${finding}`);
      if (deleted.length > 0) print(`${deleted.length} files opened before ${deletedBefore} are gone`);
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

function day(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new InvalidArgumentError('a day, such as 2026-01-31.');
  return text;
}
