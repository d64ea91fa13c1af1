import type { ResponseDoc } from '../http/endpoint.ts';
import { orderResource } from './order-schema.ts';

/** Answers that several endpoints share. Problems are added to every endpoint by the document. */
export const orderCommandResponses: Readonly<Record<number, ResponseDoc>> = {
  200: { description: 'Done.', schema: orderResource },
  202: {
    description: 'Still on its way, or waiting for the customer or an operator.',
    schema: orderResource,
  },
};
