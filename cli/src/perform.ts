import { randomUUID } from 'node:crypto';
import confirm from '@inquirer/confirm';
import type { Preview, Waitable } from '@waybill/client';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import type { Context } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { money, note, print, printFields, printJson } from './output.ts';
import type { Options } from './run.ts';
import { howToRepeat, sent, unlessStopped } from './unclear-outcome.ts';

const WAIT_SECONDS = 30;
const WAIT_SECONDS_MAX = 60;

export type CommandHeaders = {
  readonly 'Idempotency-Key': string;
  readonly Prefer: string;
};

/** Something that changes an object. */
interface Deed<T> {
  /** As the question on the terminal begins: `Capture order-1`. */
  readonly what: string;
  /** What it would do to the money; without one there is no `--dry-run`. */
  readonly preview?: () => Promise<Preview>;
  readonly send: (headers: CommandHeaders) => Promise<T>;
  /** Options that were not given, without which its repeat would be another request. */
  readonly repeatedWith?: string;
}

/** The options of whatever changes something. */
export function withDeedOptions(command: Command, { hasPreview = false } = {}): Command {
  command
    .option('-y, --yes', 'do not ask; needed where there is no terminal')
    .option('--idempotency-key <key>', 'repeats the same command harmlessly; random when absent')
    .option('--wait <seconds>', 'how long to wait for the outcome', seconds, WAIT_SECONDS);
  if (hasPreview) command.option('--dry-run', 'show what it would do to the money, and change nothing');
  return command;
}

/** Why, in one's own words. */
export function withReason(command: Command): Command {
  return command.option('--reason <text>', 'why, for the timeline');
}

/** Shows what it would do, asks, sends, waits for the outcome and shows it. */
export async function perform<T extends Waitable>(
  { waybill, json, lastStatus }: Context,
  options: Options,
  deed: Deed<T>,
): Promise<number> {
  if (options.dryRun) {
    const preview = await deed.preview?.();
    if (json) printJson(preview);
    else if (preview) showPreview(preview, print);
    return EXIT.done;
  }
  if (!options.yes && !(await isWanted(deed))) return EXIT.declined;
  const key: string = options.idempotencyKey || randomUUID();
  const headers = { Prefer: `wait=${options.wait}`, 'Idempotency-Key': key };
  const repeat = `--idempotency-key ${key}${deed.repeatedWith ? ` ${deed.repeatedWith}` : ''}`;
  const answer = await unlessStopped(howToRepeat(repeat), EXIT.unreachable, () =>
    sent(repeat, () => deed.send(headers)),
  );
  const isHeld = lastStatus() === ACCEPTED && waitsForApproval(answer);
  const object = await unlessStopped('it goes on without this command', EXIT.unknown, () =>
    waybill.waitFor(answer, { timeoutMs: options.wait * 1_000 }),
  );
  if (json) printJson(object);
  else printFields(object);
  if (isHeld) note(`It waits for another person's approval.`);
  return isHeld || object.needs_attention?.operation ? EXIT.needsAttention : EXIT.done;
}

const ACCEPTED = 202;

/** Nothing else keeps it from its end; whether that is about this very command, the answer's status says. */
function waitsForApproval(object: Waitable): boolean {
  const isStuck = Boolean(object.needs_attention?.operation);
  return !isStuck && object.pending === null && 'approvals' in object && object.approvals.length > 0;
}

async function isWanted<T>({ what, preview }: Deed<T>): Promise<boolean> {
  if (!process.stdin.isTTY) {
    note(`${pc.red('error:')} there is no terminal to ask on: give --yes`);
    process.exit(EXIT.usage);
  }
  if (preview) showPreview(await preview(), note);
  return confirm({ message: `${what}?`, default: false }, { output: process.stderr }).catch(noIfStopped);
}

/** Ctrl-C is an answer too. */
function noIfStopped(error: Error): false {
  if (error.name === 'ExitPromptError') return false;
  throw error;
}

function showPreview({ summary, movements }: Preview, show: (line: string) => void): void {
  show(summary);
  for (const { type, from, to, amount, currency } of movements) {
    show(`  ${money(amount, currency).padStart(14)}  ${from} → ${to}  ${pc.dim(type)}`);
  }
}

function seconds(value: string): number {
  const number = wholeNumber(value);
  if (number > WAIT_SECONDS_MAX) throw new InvalidArgumentError(`at most ${WAIT_SECONDS_MAX}.`);
  return number;
}

/** Of an option that takes an amount in minor units, a limit or seconds. */
export function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value))
    throw new InvalidArgumentError('a whole number; amounts are minor units: 1000 is 10.00 USD.');
  return Number(value);
}

/** Of an option that takes an object as JSON. */
export function jsonObject(value: string): object {
  const given = parsed(value);
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given;
  throw new InvalidArgumentError('a JSON object.');
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new InvalidArgumentError('a JSON object.');
  }
}

export function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices);
}
