import { z } from 'zod';
import { accountId, orderId } from './fields.ts';

/** `{id}` of an order, or of a transfer with no order: both are the caller's or made by Waybill. */
export const idParams = z.strictObject({ id: orderId });
export const accountParams = z.strictObject({ id: accountId });
