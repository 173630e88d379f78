import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

/** What somebody sees when an application sent them here with a request that must not be answered to anybody. */
export async function renderError(ctx: KoaContextWithOIDC, out: ErrorOut): Promise<void> {
  const reason = [out.error, out.error_description].filter(Boolean).join(': ');
  ctx.set(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  );
  ctx.type = 'html';
  ctx.body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Meridian</title>
<style>
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 34em; margin: 12vh auto; padding: 0 1.5em; color: #1d2733 }
  code { color: #667382; overflow-wrap: anywhere }
  @media (prefers-color-scheme: dark) { body { background: #12181f; color: #e5ebf1 } }
</style>
<h1>The application cannot be opened</h1>
<p>It asked for access in a way that this server does not answer. Nothing was shown to it. Go back to it and start again; if
this comes again, tell those who made it what stands below.</p>
<p lang="zh-CN">该应用发来的授权请求无法受理，未向其提供任何信息。请返回应用重新开始；若再次出现，请把下面的文字告诉应用的提供方。</p>
<p><code>${escapeHtml(reason)}</code></p>
</html>`;
}
