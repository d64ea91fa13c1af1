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

/**
 * A table as RFC 4180 has it, made while it is read, so that its length costs no memory. Text that a spreadsheet would take
 * for a formula is quoted with an apostrophe. Resolves with the first page, so that what is wrong from the beginning
 * can still be told as a problem.
 */
export async function csvOf<Row extends Record<string, string | number | null>>(
  columns: readonly (keyof Row & string)[],
  pages: AsyncGenerator<readonly Row[]>,
): Promise<Readable> {
  const options = {
    columns: [...columns],
    record_delimiter: '\r\n',
    // Of itself it quotes only the whole delimiter, and a bare line feed would end the row for many readers.
    quoted_match: /[\r\n]/,
    escape_formulas: true,
  };
  const first = await pages.next();
  async function* chunks(): AsyncGenerator<string> {
    yield stringify(first.done ? [] : [...first.value], { ...options, header: true });
    for await (const rows of pages) if (rows.length > 0) yield stringify([...rows], options);
  }
  return Readable.from(chunks());
}
