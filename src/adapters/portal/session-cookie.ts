const sessionName = 'meridian-session';

/** The cookie that holds the token of a session: for this host alone, out of reach of scripts, gone with the browser. */
export const printSessionCookie = (token: string, isSecure: boolean): string =>
  print(sessionName, token, isSecure, 'Strict');

export const printEndedCookie = (isSecure: boolean): string =>
  `${print(sessionName, '', isSecure, 'Strict')}; Max-Age=0`;

/** The token in a Cookie header; of two of that name, as a neighbouring host may have planted one, neither is believed. */
export const parseSessionCookie = (header: string | undefined): string | undefined => parse(header, sessionName);

const externalName = 'meridian-external';

/**
 * Ties a sign-in at another provider to the browser that began it. Lax, since the browser comes back from another site; it opens
 * nothing by itself.
 */
export const printExternalCookie = (ticket: string, isSecure: boolean): string =>
  `${print(externalName, ticket, isSecure, 'Lax')}; Max-Age=600`;

export const parseExternalCookie = (header: string | undefined): string | undefined => parse(header, externalName);

export const printEndedExternalCookie = (isSecure: boolean): string =>
  `${print(externalName, '', isSecure, 'Lax')}; Max-Age=0`;

function parse(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '').split(';').flatMap((pair) => {
    const [key = '', ...rest] = pair.split('=');
    return key.trim() === name ? [rest.join('=').trim()] : [];
  });
  const [value = ''] = values;
  return values.length === 1 && /^[\w-]{43}$/.test(value) ? value : undefined;
}

function print(name: string, value: string, isSecure: boolean, sameSite: 'Strict' | 'Lax'): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=${sameSite}${isSecure ? '; Secure' : ''}`;
}
