import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { amountIn } from '../amounts.ts';
import { print, printJson } from '../output.ts';
import { wholeNumber } from '../perform.ts';
import { does } from '../run.ts';

const PENDING_MINUTES = 5;
const EXPIRING_HOURS = 24;
const LARGE = { currency: 'usd', amount: 100_000 };

interface Asked {
  readonly account?: string;
  readonly pending: number;
  readonly expiring: number;
  readonly large: typeof LARGE;
}

/** Views of Temporal UI, as queries of its search attributes. */
function viewsOf(now: number, { account, pending: pendingMinutes, expiring: expiringHours, large }: Asked) {
  const pendingBefore = new Date(now - pendingMinutes * 60_000).toISOString();
  const expiringBefore = new Date(now + expiringHours * 3_600_000).toISOString();
  return [
    { name: 'needs attention', query: 'NeedsAttention = true' },
    { name: `pending for ${pendingMinutes} minutes`, query: `PendingSince < "${pendingBefore}"` },
    {
      name: `expiring within ${expiringHours} hours`,
      query: `OrderStatus = "authorized" AND CaptureBefore < "${expiringBefore}"`,
    },
    {
      name: 'disputed',
      query: 'DisputeStatus IN ("needs_response", "warning_needs_response", "appeal_needs_response")',
    },
    ...(account
      ? [
          {
            name: `orders of ${account}`,
            query: `WorkflowType = "order" AND ConnectedAccount = "${account}"`,
          },
        ]
      : []),
    {
      name: `large orders, from ${large.currency}:${large.amount}`,
      query: `WorkflowType = "order" AND Currency = "${large.currency}" AND Amount >= ${large.amount}`,
    },
  ];
}

export function addLinks(program: Command): void {
  const command = program
    .command('links')
    .description("links to Temporal UI's lists, to be saved there as views")
    .option('--account <acct>', "also the orders of this connected account: Stripe's id")
    .option('--pending <minutes>', 'how long is too long', wholeNumber, PENDING_MINUTES)
    .option('--expiring <hours>', 'how soon is soon', wholeNumber, EXPIRING_HOURS)
    .addOption(
      new Option('--large <currency:amount>', 'how much is large, in minor units')
        .argParser(largeOf)
        .default(LARGE, 'usd:100000'),
    );
  does(command, async ({ json, temporalUi }, _, asked: Asked) => {
    const data = viewsOf(Date.now(), asked).map(({ name, query }) => ({
      name,
      query,
      url: `${temporalUi}/workflows?query=${encodeURIComponent(query)}`,
    }));
    if (json) return printJson({ data });
    for (const { name, query, url } of data) print(`${pc.bold(name)}\n  ${query}\n  ${pc.cyan(url)}`);
  });
}

function largeOf(value: string): typeof LARGE {
  const large = amountIn(value);
  if (!large) throw new InvalidArgumentError('a currency and minor units, such as usd:100000.');
  return large;
}
