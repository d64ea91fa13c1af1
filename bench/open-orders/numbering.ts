/** Orders are numbered, so that a later run knows which are there. */
export function openOrderId(n: number): string {
  return `bench-open-${n}`;
}

/**
 * How many orders earlier runs have certainly loaded: halving finds the first that is not there, and of those just before it, which
 * were started at the same time, some may be missing. One that is there is answered again, not started again.
 */
export async function loadedBefore(apiUrl: string, orders: number, concurrency: number): Promise<number> {
  let [from, until] = [0, orders];
  while (from < until) {
    const middle = Math.floor((from + until) / 2);
    if (await exists(apiUrl, openOrderId(middle))) from = middle + 1;
    else until = middle;
  }
  return Math.max(0, from - concurrency);
}

async function exists(apiUrl: string, id: string): Promise<boolean> {
  const response = await fetch(`${apiUrl}/v1/orders/${id}`, {
    headers: { authorization: 'Bearer dev_read' },
  });
  await response.arrayBuffer();
  if (response.ok || response.status === 404) return response.ok;
  throw new Error(`order ${id}: ${response.status}`);
}
