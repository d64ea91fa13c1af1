import { createHash } from 'node:crypto';
import type { Assets } from './assets.ts';

/** The one document of the console: its modules find out which page the address means. */
export interface Page {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

export function createPage({ version, importMap }: Assets): Page {
  const base = `/console/assets/${version}`;
  const inlineMap = JSON.stringify(importMap);
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Waybill</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${base}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${base}/vendor/pico.css">
<link rel="stylesheet" href="${base}/console.css">
<script type="importmap">${inlineMap}</script>
<script type="module" src="${base}/main.mjs"></script>
</head>
<body><div id="console"></div><noscript>The console needs JavaScript.</noscript></body>
</html>
`;
  return { html, contentSecurityPolicy: policyOf(inlineMap) };
}

/** Nothing inline but the import map, which is named by its hash; nothing from elsewhere; in nobody's frame. */
function policyOf(inlineMap: string): string {
  const hash = createHash('sha256').update(inlineMap).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    // The icons in Pico's style sheet are data.
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
