/** A path of the portal; whatever would lead elsewhere is its start. */
export function nextAddress(asked: string | null, origin: string): string {
  if (asked === null || !asked.startsWith('/') || !URL.canParse(asked, origin)) return '/';
  const url = new URL(asked, origin);
  return url.origin === origin && !url.pathname.startsWith('//') ? url.pathname + url.search : '/';
}
