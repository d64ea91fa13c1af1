/**
 * A multipart body as the parameters it stands for. Only name, size and kind of a file are kept: what is in it is never
 * looked at.
 */
export async function multipartParams(contentType: string, body: Buffer): Promise<string> {
  const params = new URLSearchParams();
  for (const [name, value] of await readForm(contentType, body)) {
    if (typeof value === 'string') {
      params.append(name, value);
      continue;
    }
    params.append(`${name}[filename]`, value.name);
    params.append(`${name}[size]`, String(value.size));
    // Stripe names kinds of files by their ending.
    const ending = value.name.split('.').at(-1);
    if (ending !== undefined && ending !== value.name) params.append(`${name}[type]`, ending.toLowerCase());
  }
  return params.toString();
}

/** A body that is no form has no parameters, and is refused for those it lacks. */
async function readForm(contentType: string, body: Buffer): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'Content-Type': contentType } }).formData();
  } catch {
    return new FormData();
  }
}
