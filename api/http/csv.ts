import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';

export const CSV_TYPE = 'text/csv; charset=utf-8';

/** Whether the caller would rather have a table than JSON. */
export function wantsCsv(
  query: { format?: 'json' | 'csv' | undefined },
  accept: string | undefined,
): boolean {
  if (query.format !== undefined) return query.format === 'csv';
  return /(?:^|,)\s*text\/csv\s*(?:$|[,;])/i.test(accept ?? '');
}

type Row = Readonly<Record<string, string | number | null>>;

/**
 * A table as RFC 4180 has it. Text that a spreadsheet would take for a formula is quoted with an apostrophe.
 */
export function csvText(columns: readonly string[], rows: readonly Row[], { header = true } = {}): string {
  return stringify([...rows], {
    columns: [...columns],
    header,
    record_delimiter: '\r\n',
    // Of itself it quotes only the whole delimiter, and a bare line feed would end the row for many readers.
    quoted_match: /[\r\n]/,
    escape_formulas: true,
  });
}

/**
 * A table that is made while it is read, so that its length costs no memory. Resolves with the first page, so that what is
 * wrong from the beginning can still be answered as a problem.
 */
export async function csvOf<R extends Row>(
  columns: readonly (keyof R & string)[],
  pages: AsyncGenerator<readonly R[]>,
): Promise<Readable> {
  const first = await pages.next();
  async function* chunks(): AsyncGenerator<string> {
    yield csvText(columns, first.done ? [] : first.value);
    for await (const rows of pages) if (rows.length > 0) yield csvText(columns, rows, { header: false });
  }
  return Readable.from(chunks());
}
