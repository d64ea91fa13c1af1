import { color } from 'listr2';
import type { Stack } from '../stack.ts';
import { shown } from './amounts.ts';
import type { Party } from './holdings.ts';
import type { Played } from './play.ts';
import { table } from './table.ts';
import type { Tour } from './tour.ts';
import type { Fact, Figure, Verdict } from './verdict.ts';

/** The result for people: each scenario cent by cent, then all of them at a glance. */
export function report({ ok, played, ledgerSum }: Tour, tookMs: number): string {
  const wrong = played.filter((one) => !one.ok).length;
  const summary = ok
    ? color.green(`Every figure of ${played.length} scenarios is right.`)
    : color.red(`${wrong} of ${played.length} scenarios are not as they should be.`);
  return [
    '',
    ...played.flatMap(details),
    color.bold('At a glance'),
    ...table([OVERVIEW, ...played.map(overview)]).map(indented),
    '',
    `The whole ledger adds up to ${shown(ledgerSum)}. ${summary} (${seconds(tookMs)})`,
    '',
  ].join('\n');
}

export function whereToLook({ api, docs, sandbox, temporalUi }: Stack['urls']): string {
  return [
    'Everything stays up for a look:',
    `  API           ${api}/v1/orders`,
    `  documentation ${docs}`,
    `  Temporal UI   ${temporalUi}`,
    `  ledger        ${sandbox}/_sandbox/ledger`,
    '',
    'Ctrl-C ends all of it and leaves nothing behind.',
  ].join('\n');
}

function details({ title, ok, verdict, error }: Played): string[] {
  const lines = verdict === null ? [color.red(error ?? '')] : verdictLines(verdict);
  return [`${mark(ok)} ${color.bold(title)}`, ...lines.map(indented), ''];
}

function verdictLines({ figures, facts, ledgerSum }: Verdict): string[] {
  return table([
    ['', 'expected', 'ledger', 'API', ''],
    ...figures.map(figureRow),
    ['sum', '0.00', shown(ledgerSum), '', ''],
    ...facts.map(factRow),
  ]);
}

function figureRow({ what, expected, ledger, api, ok }: Figure): string[] {
  return [what, shown(expected), shown(ledger), api === null ? '–' : shown(api), mark(ok)];
}

function factRow({ what, expected, actual, ok }: Fact): string[] {
  return [what, String(expected ?? 'none'), String(actual ?? 'none'), '', mark(ok)];
}

const OVERVIEW = ['', 'customer', 'platform', 'connected', 'Stripe', 'sum', 'took', ''];

function overview({ title, verdict, tookMs, ok }: Played): string[] {
  const held = (party: Party) => {
    const figure = verdict?.figures.find((one) => one.party === party);
    return figure === undefined ? '?' : shown(figure.ledger);
  };
  const sum = verdict === null ? '?' : shown(verdict.ledgerSum);
  const parties = [held('customer'), held('platform'), held('connected'), held('stripe')];
  return [title, ...parties, sum, seconds(tookMs), mark(ok)];
}

function mark(ok: boolean): string {
  return ok ? color.green('✔') : color.red('✖');
}

function indented(line: string): string {
  return `  ${line}`.trimEnd();
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
