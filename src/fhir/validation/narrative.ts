/**
 * What the XHTML of a narrative may hold: formatting, tables, lists, links and images; nothing that runs.
 * https://hl7.org/fhir/R4/narrative.html#xhtml
 */

const elements = new Set(
  (
    'a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img ' +
    'li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var'
  ).split(' '),
);

const openingTag = /<([\w:-]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*')){0,100})\s*(\/?)>/y;
const closingTag = /<\/([\w:-]+)\s*>/y;
const attribute = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** What is wrong with a narrative's `div`, as the rest of a sentence; undefined when nothing is. */
export function narrativeProblem(xhtml: string): string | undefined {
  if (!/^\s*<div[\s>/]/.test(xhtml)) return 'must start with <div';
  const open: string[] = [];
  let at = xhtml.indexOf('<');
  while (at >= 0) {
    const end = xhtml.startsWith('<!--', at) ? endOfComment(xhtml, at) : readTag(xhtml, at, open);
    if (typeof end === 'string') return end;
    if (open.length === 0) return xhtml.slice(end).trim() === '' ? undefined : notXhtml(xhtml, end);
    at = xhtml.indexOf('<', end);
  }
  return `must close <${open.at(-1)}>`;
}

const notXhtml = (xhtml: string, at: number): string =>
  `must be one XHTML div, which it is not at ${JSON.stringify(xhtml.slice(at, at + 40))}`;

/** Where a tag ends, or what is wrong with it. Keeps the names of the elements that are open. */
function readTag(xhtml: string, at: number, open: string[]): number | string {
  closingTag.lastIndex = at;
  const closed = closingTag.exec(xhtml)?.[1];
  if (closed !== undefined) return open.pop() === closed ? closingTag.lastIndex : notXhtml(xhtml, at);
  openingTag.lastIndex = at;
  const [, name, attributes, slash] = openingTag.exec(xhtml) ?? [];
  if (name === undefined) return notXhtml(xhtml, at);
  if (!elements.has(name)) return `must not contain the element <${name.slice(0, 40)}>`;
  if (slash === '') open.push(name);
  return (attributes ? attributesProblem(attributes) : undefined) ?? openingTag.lastIndex;
}

/** Browsers end a comment earlier than XML does at some dashes; those are refused. */
function endOfComment(xhtml: string, at: number): number | string {
  const end = xhtml.indexOf('--', at + 4);
  const isSound = end >= 0 && xhtml[end + 2] === '>' && !/^-?>/.test(xhtml.slice(at + 4, at + 6));
  return isSound ? end + 3 : notXhtml(xhtml, at);
}

function attributesProblem(attributes: string): string | undefined {
  for (const [, name = '', double, single] of attributes.matchAll(attribute)) {
    const value = double ?? single ?? '';
    if (/^on/i.test(name)) return `must not contain the attribute ${name.slice(0, 40)}`;
    if (/^(?:href|src|background|action|formaction|xlink:href)$/i.test(name) && !isHarmlessAddress(value)) {
      return `must not link to ${JSON.stringify(value.slice(0, 40))}: use http, https, mailto, tel or a relative address`;
    }
    if (/^style$/i.test(name) && !isHarmlessStyle(value)) return 'must not load or run anything in a style';
  }
  return undefined;
}

const harmlessSchemes = new Set(['http', 'https', 'mailto', 'tel', 'urn', 'cid']);
const harmlessImage = /^\s*data:\s*image\/(?:png|jpeg|gif|webp)[;,]/i;

/** A character reference or control character before the first colon could hide a scheme that a browser would run. */
function isHarmlessAddress(address: string): boolean {
  const [start = ''] = address.trim().split(/[:/?#]/, 1);
  if (/[&\p{Control}]/u.test(start)) return false;
  const isRelative = address.trim()[start.length] !== ':';
  return isRelative || harmlessSchemes.has(start.toLowerCase()) || harmlessImage.test(address);
}

function isHarmlessStyle(style: string): boolean {
  const withoutImages = style.replaceAll(/url\(\s*data:\s*image\/(?:png|jpeg|gif|webp)[;,][\w+/=;, ]*\)/gi, '');
  return !/url\s*\(|expression|javascript|behavior|binding|@|\\|&/i.test(withoutImages);
}
