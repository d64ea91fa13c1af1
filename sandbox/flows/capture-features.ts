import type { Context } from '../core/context.ts';
import type { CaptureFeatures } from '../objects/payments.ts';

export const NO_FEATURES: CaptureFeatures = { extended: false, incremental: false, multicapture: false };

/** Asked for by the payment, and given to the account by Stripe: here, by the settings. */
export function grantedFeatures({ settings }: Context, asked: CaptureFeatures): CaptureFeatures {
  return {
    extended: asked.extended && settings.extended_authorization,
    incremental: asked.incremental && settings.incremental_authorization,
    multicapture: asked.multicapture && settings.multicapture,
  };
}
