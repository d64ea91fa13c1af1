import Table from 'cli-table3';
import pc from 'picocolors';

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
  const code = currency.toUpperCase();
  const digits = DIGITS[code] ?? digitsOf(code);
  return `${(amount / 10 ** digits).toFixed(digits)} ${code}`;
}

/** Stripe writes two decimals of these, which have none. */
const DIGITS: Readonly<Record<string, number>> = { ISK: 2, UGX: 2 };

function digitsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
