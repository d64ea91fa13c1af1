import { WaitTimeout, WaybillProblem, WaybillUnreachable } from '@waybill/client';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { Context } from './context.ts';
import { contextOf } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { endWithReader, note, printJson } from './output.ts';
import { howToRepeat, isStillRunning, UnclearOutcome } from './unclear-outcome.ts';

/** Commands have options of many shapes; each reads its own. */
// biome-ignore lint/suspicious/noExplicitAny: commander gives options without types
export type Options = any;

/** What a command does, with its arguments as strings; a number is its exit code. */
type Work = (context: Context, args: readonly string[], options: Options) => Promise<unknown>;

/** The same without the API. */
type LocalWork = (context: Pick<Context, 'json'>, args: readonly string[], options: Options) => unknown;

/** Lets `command` do `work`: errors become one line and an exit code. */
export function does(command: Command, work: Work): Command {
  return runs(command, () => contextOf(command), work);
}

/** The same for what needs no API. */
export function doesLocally(command: Command, work: LocalWork): Command {
  return runs(command, () => ({ json: Boolean(command.optsWithGlobals<{ json?: boolean }>().json) }), work);
}

function runs<Known extends Pick<Context, 'json'>>(
  command: Command,
  contextOfIt: () => Known,
  work: (context: Known, args: readonly string[], options: Options) => unknown,
): Command {
  return command.action(async () => {
    endWithReader();
    const context = contextOfIt();
    try {
      const code = await work(context, command.args, command.opts());
      process.exitCode = typeof code === 'number' ? code : EXIT.done;
    } catch (error) {
      process.exitCode = exitCodeOf(error);
      const answer = error instanceof UnclearOutcome ? error.cause : error;
      if (context.json && answer instanceof WaybillProblem) printJson(answer.problem);
      note(`${pc.red('error:')} ${sentenceOf(error)}`);
    }
  });
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UnclearOutcome) return exitCodeOf(error.cause);
  if (error instanceof WaybillUnreachable) return EXIT.unreachable;
  if (error instanceof WaitTimeout) return EXIT.unknown;
  if (error instanceof WaybillProblem && isStillRunning(error)) return EXIT.unknown;
  if (error instanceof WaybillProblem) return error.status >= 500 ? EXIT.unreachable : EXIT.refused;
  return EXIT.wrong;
}

function sentenceOf(error: unknown): string {
  if (error instanceof UnclearOutcome) return `${sentenceOf(error.cause)}\n${howToRepeat(error.repeat)}`;
  if (error instanceof WaitTimeout) return `still on its way (${error.message}); look again later`;
  if (error instanceof WaybillProblem) {
    const { detail, code, param, request_id } = error.problem;
    return `${detail} ${pc.dim(`(${code}${param ? `, ${param}` : ''}, request ${request_id})`)}`;
  }
  return error instanceof Error ? error.message : String(error);
}
