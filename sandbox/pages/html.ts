import type { Answer } from '../http/answers.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; color: #1a1f36; background: #f6f8fa; margin: 0 }
  main { max-width: 26rem; margin: 12vh auto; padding: 2rem; background: #fff; border-radius: 8px;
    box-shadow: 0 2px 12px rgb(0 0 0 / 12%) }
  h1 { font-size: 1.25rem; margin-top: 0 }
  fieldset { border: 0; padding: 0; margin: 0 0 1rem }
  legend { font-weight: 600; padding: 0; margin-bottom: .5rem }
  .error { color: #b3093c }
  table { width: 100%; border-collapse: collapse }
  th, td { text-align: left; padding: .25rem .5rem .25rem 0 }
  input, select { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; margin: .25rem 0 1rem }
  input[type=checkbox] { width: auto; margin: 0 }
  button { font: inherit; padding: .6rem 1.2rem; margin: .5rem .5rem 0 0; border: 1px solid #c1c9d2; border-radius: 6px;
    background: #fff; cursor: pointer }
  button.main { background: #635bff; border-color: #635bff; color: #fff }
  small { color: #697386 }
`;

/** A whole page in one answer: no script, no font, no picture from anywhere. `body` is markup, already escaped. */
export function htmlPage(title: string, body: string, status = 200): Answer {
  const text = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
<p><small>A page of the Stripe Connect sandbox. No money is real here.</small></p>
</main>
</body>
</html>
`;
  return {
    status,
    body: text,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      'X-Frame-Options': 'DENY',
      'Cache-Control': 'no-store',
      // With no-referrer a browser would hide the origin of a form, too.
      'Referrer-Policy': 'same-origin',
    },
  };
}

/** Sends the browser on with a GET, also after a form was posted. A header takes only what a URL becomes once it is parsed. */
export function seeOther(url: string): Answer {
  return { status: 303, body: '', headers: { Location: new URL(url).href, 'Cache-Control': 'no-store' } };
}
