import type { LookupAddress } from 'node:dns';
import { promises } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Asks the name servers directly, over the network. Both tries together take less than a delivery may. */
export const resolver = new promises.Resolver({ timeout: 2_000, tries: 2 });

const LOCALHOST: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * Finds a receiver's addresses without the system's own lookup: that keeps one of a few threads waiting, which all the
 * process shares, so that receivers whose name servers do not answer would keep it from finding Stripe.
 */
export const lookup: LookupFunction = (name, { all }, found) => {
  addressesOf(name).then(
    (addresses) => {
      const [first] = addresses;
      if (all) found(null, addresses);
      else found(null, first?.address ?? '', first?.family);
    },
    (error) => found(error, []),
  );
};

async function addressesOf(name: string): Promise<LookupAddress[]> {
  // No name server is asked for this one (RFC 6761, 6.3).
  if (name === 'localhost') return [...LOCALHOST];
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const addresses = [
    ...(v4.status === 'fulfilled' ? v4.value.map((address) => ({ address, family: 4 })) : []),
    ...(v6.status === 'fulfilled' ? v6.value.map((address) => ({ address, family: 6 })) : []),
  ];
  if (v4.status === 'rejected' && addresses.length === 0) throw v4.reason;
  return addresses;
}
