/**
 * What Waybill's processes run with. Stack traces lead to the sources. Most of what an order allocates is garbage when it is answered: with
 * room for it (MiB; V8 takes up to three times as much for each thread that runs JavaScript) collections are fewer, and less is copied.
 */
export const NODE_FLAGS = ['--enable-source-maps', '--max-semi-space-size=32'] as const;
