import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { PayloadKey } from './payload-encryption.ts';
import { PayloadEncryption } from './payload-encryption.ts';

/** How clients and workers write to Temporal: encrypted with these keys; none: as JSON. */
export function dataConverter([current, ...older]: readonly PayloadKey[]): DataConverter {
  if (!current) return {};
  return {
    payloadCodecs: [new PayloadEncryption([current, ...older])],
    failureConverterPath: fileURLToPath(new URL('encoded-failures.cjs', import.meta.url)),
  };
}
