import { stripVTControlCharacters } from 'node:util';

const GAP = '   ';

/** Rows in columns as wide as they need; the first one to the left, the others to the right, as amounts are. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, width(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const blank = ' '.repeat((widths[column] ?? 0) - width(cell));
        return column === 0 ? cell + blank : blank + cell;
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** As it is seen: colours take no room. */
function width(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
