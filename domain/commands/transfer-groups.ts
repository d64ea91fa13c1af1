/** The transfer group of everything that an order's payments move: Stripe lists charges and transfers by it. */
export function orderTransferGroup(orderId: string): string {
  return `waybill_order_${orderId}`;
}

/** The same of a special-case transfer with no order. */
export function transferTransferGroup(transferId: string): string {
  return `waybill_transfer_${transferId}`;
}
