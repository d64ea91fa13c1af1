/** What every module draws with: one import, so that all share one Preact. */
export { signal } from '@preact/signals';
export { html, render } from 'htm/preact';
export { useCallback, useEffect, useRef, useState } from 'preact/hooks';
