interface Page<Item> {
  readonly data: readonly Item[];
  readonly has_more: boolean;
}

/** Put it into the `query` of a list: where its next page begins. */
export interface From {
  readonly starting_after?: string;
}

/**
 * Every item of a list, page after page:
 *
 *     for await (const order of each((from) => waybill.orders.list({ query: { status: 'authorized', ...from } }))) …
 */
export async function* each<Item extends { readonly id: string | null; readonly reference?: string }>(
  list: (from: From) => Promise<Page<Item>>,
): AsyncGenerator<Item, void, undefined> {
  let from: From = {};
  while (true) {
    const { data, has_more } = await list(from);
    yield* data;
    const item = data.at(-1);
    // An account that is still being made has nothing but its reference.
    const last = item?.id ?? item?.reference;
    if (!has_more || !last) return;
    from = { starting_after: last };
  }
}
