import { each } from '@waybill/client';
import type { Command } from 'commander';
import type { Context } from './context.ts';
import type { Row } from './output.ts';
import { note, printJson, printTable } from './output.ts';
import { wholeNumber } from './perform.ts';
import type { Options } from './run.ts';

const LIMIT = 20;
const PAGE = 100;

interface Page<Item> {
  readonly data: readonly Item[];
  readonly has_more: boolean;
}

export function withListOptions(command: Command): Command {
  return command
    .option('-n, --limit <count>', 'how many to show', wholeNumber, LIMIT)
    .option('-a, --all', 'show all of them');
}

/** Reads a list, page by page as far as it is asked for, and shows it. */
export async function showList<Item extends { readonly id: string | null }>(
  { json }: Context,
  { limit, all }: Options,
  list: (query: { limit: number; starting_after?: string }) => Promise<Page<Item>>,
  head: readonly string[],
  row: (item: Item) => Row,
): Promise<void> {
  const wanted: number = all ? Number.POSITIVE_INFINITY : limit;
  const items: Item[] = [];
  let hasMore = false;
  for await (const item of each((from) => list({ limit: Math.min(PAGE, wanted + 1), ...from }))) {
    hasMore = items.length >= wanted;
    if (hasMore) break;
    items.push(item);
  }
  if (json) return printJson({ data: items, has_more: hasMore });
  printTable(head, items.map(row));
  if (hasMore) note(`There are more: --limit or --all.`);
}

/** Without what was not given. */
export function given<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
