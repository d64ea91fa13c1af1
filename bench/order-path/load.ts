/** Carries `orders` orders, `concurrency` at a time; how long each took, in milliseconds. */
export async function carry(
  order: () => Promise<unknown>,
  { orders, concurrency }: { readonly orders: number; readonly concurrency: number },
): Promise<number[]> {
  const latencies: number[] = [];
  let left = orders;
  const take = async (): Promise<void> => {
    while (left-- > 0) {
      const from = performance.now();
      await order();
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, take));
  return latencies;
}
