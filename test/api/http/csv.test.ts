import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { csvOf, wantsCsv } from '../../../api/http/csv.ts';

type Row = Record<'name' | 'amount', string | number | null>;

async function* pagesOf(...pages: Row[][]): AsyncGenerator<Row[]> {
  yield* pages;
}

const table = async (...pages: Row[][]) => text(await csvOf(['name', 'amount'], pagesOf(...pages)));

describe('a table', () => {
  it.each([
    ['a comma', 'a,b', '"a,b"'],
    ['a quotation mark', 'a"b', '"a""b"'],
    ['a new line', 'a\nb', '"a\nb"'],
    ['nothing', null, ''],
    ['a formula', '=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['a formula that begins with +', '+1', "'+1"],
    ['a formula that begins with @', '@x', "'@x"],
    ['a formula that begins with -', '-x', "'-x"],
  ])('writes %s so that nobody mistakes it', async (_, name, written) => {
    expect(await table([{ name, amount: -5 }])).toBe(`name,amount\r\n${written},-5\r\n`);
  });

  it('has its header once, whatever pages it comes in, and also when it is empty', async () => {
    const row = (name: string) => ({ name, amount: 1 });
    expect(await table([row('a')], [], [row('b'), row('c')])).toBe('name,amount\r\na,1\r\nb,1\r\nc,1\r\n');
    expect(await table()).toBe('name,amount\r\n');
  });

  it('is made as fast as it is read: one page after the other', async () => {
    let made = 0;
    async function* endless(): AsyncGenerator<Row[]> {
      for (;;) {
        made += 1;
        yield [{ name: 'x'.repeat(10_000), amount: made }];
      }
    }
    const stream = await csvOf(['name', 'amount'], endless());
    let read = 0;
    for await (const chunk of stream) {
      expect(String(chunk).length).toBeGreaterThan(0);
      read += 1;
      if (read === 100) break;
    }
    expect(made - read).toBeLessThan(32);
  });

  it('fails at once when its first page does, and in the middle when a later one does', async () => {
    async function* failing(after: number): AsyncGenerator<Row[]> {
      for (let page = 0; page < after; page++) yield [{ name: 'a', amount: page }];
      throw new Error('Stripe is gone');
    }
    await expect(csvOf(['name', 'amount'], failing(0))).rejects.toThrow('Stripe is gone');
    await expect(text(await csvOf(['name', 'amount'], failing(2)))).rejects.toThrow('Stripe is gone');
  });
});

describe('a caller', () => {
  it.each([
    [{}, undefined, false],
    [{}, '*/*', false],
    [{}, 'text/csv', true],
    [{}, 'application/json;q=0.5, text/csv', true],
    [{ format: 'json' } as const, 'text/csv', false],
    [{ format: 'csv' } as const, 'application/json', true],
  ])('who asks with %o and Accept %s wants a table: %s', (query, accept, csv) => {
    expect(wantsCsv(query, accept)).toBe(csv);
  });
});
