import { settlementMerchantOf } from '../../domain/accounts/settlement-merchant.ts';
import type { OrderTerms } from '../../domain/orders/order.ts';
import type { AccountDirectory } from '../../stripe/account-directory.ts';
import type { ApiDeps } from '../http/deps.ts';
import { orElse } from '../http/or-else.ts';

/** Where a settlement merchant is read. */
export type MerchantSource = Pick<ApiDeps, 'logger'> & { readonly directory: AccountDirectory };

/** Notes the settlement merchant of a payment that nobody noted it of. Not where Stripe cannot be asked: it is a courtesy. */
export async function withMerchant(
  { directory, logger }: MerchantSource,
  terms: OrderTerms,
): Promise<OrderTerms> {
  const { settlementMerchant, connectedAccount, onBehalfOf } = terms;
  if (settlementMerchant) return terms;
  return orElse(logger, `Reading the settlement merchant of ${terms.id}`, terms, async () => {
    const [platform, connected] = await Promise.all([
      directory.platform(),
      directory.connected(connectedAccount),
    ]);
    return { ...terms, settlementMerchant: settlementMerchantOf(platform, connected, onBehalfOf) };
  });
}
