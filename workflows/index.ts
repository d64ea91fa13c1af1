export { order } from './order.ts';
export { specialCaseTransfer } from './special-case-transfer.ts';
