import type { OrderTerms } from '../domain/order.ts';
import { settlementMerchantOf } from '../domain/settlement-merchant.ts';
import type { AccountDirectory } from './account-directory.ts';

/** Notes the settlement merchant of a payment that nobody noted it of. Not where Stripe cannot be asked: it is a courtesy. */
export async function withMerchant(directory: AccountDirectory, terms: OrderTerms): Promise<OrderTerms> {
  const { settlementMerchant, connectedAccount, onBehalfOf } = terms;
  if (settlementMerchant) return terms;
  try {
    const [platform, connected] = await Promise.all([
      directory.platform(),
      directory.connected(connectedAccount),
    ]);
    return { ...terms, settlementMerchant: settlementMerchantOf(platform, connected, onBehalfOf) };
  } catch {
    return terms;
  }
}
