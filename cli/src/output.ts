import Table from 'cli-table3';
import pc from 'picocolors';

/** Whoever reads the output may have seen enough of it: `| head`. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** For people beside the output: it never gets into a pipe. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

export type Row = readonly (string | number | null | undefined)[];

/** Columns without lines, as `ps` has them. */
export function printTable(head: readonly string[], rows: readonly Row[]): void {
  if (rows.length === 0) {
    note('Nothing.');
    return;
  }
  const table = new Table({
    head: head.map((name) => pc.bold(name.toUpperCase())),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
    chars: Object.fromEntries(BORDERS.map((name) => [name, ''])),
  });
  for (const row of rows) table.push(row.map((cell) => printable(String(cell ?? '–'))));
  print(table.toString().replace(/ +$/gm, ''));
}

const BORDERS = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
];

/** An object's fields, one a line; what is null or empty is left out. */
export function printFields(object: object): void {
  const shown = Object.entries(object).filter(([name, value]) => name !== 'object' && !isEmpty(value));
  const width = Math.max(...shown.map(([name]) => name.length));
  for (const [name, value] of shown) print(`${pc.dim(name.padEnd(width))}  ${printable(textOf(value))}`);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || ['', '[]', '{}'].includes(textOf(value));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Texts come from callers and from Stripe: no control character of theirs reaches the terminal. Colours are ours. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours that picocolors makes
  return text.replace(/\u001b\[\d+m|\p{Cc}/gu, (found) => (found.startsWith('\u001b[') ? found : ' '));
}

/** Minor units in words: `10.00 USD`. */
export function money(amount: number, currency: string): string {
  const digits = decimalsOf(currency.toLowerCase());
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency.toUpperCase()}`;
}

const NO_DECIMALS = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THREE_DECIMALS = new Set('bhd jod kwd omr tnd'.split(' '));

/** Digits of the minor unit, by Stripe's rules: the runtime's own are those of cash. A test holds it against the service's. */
function decimalsOf(currency: string): number {
  if (NO_DECIMALS.has(currency)) return 0;
  return THREE_DECIMALS.has(currency) ? 3 : 2;
}
