/** All pages of a list of Stripe's: one page is not the list. */
export async function readAll<T>(list: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of list) all.push(one);
  return all;
}
