/**
 * What the XHTML of a narrative may hold: formatting, tables, lists, links and images; nothing that runs or loads.
 * https://hl7.org/fhir/R4/narrative.html#xhtml
 */

const elements = new Set(
  (
    'a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img ' +
    'li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var'
  ).split(' '),
);

const tag = /<(?:!--[\s\S]*?-->|\/([\w:-]+)\s*>|([\w:-]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*')){0,100})\s*\/?>)/y;
const attribute = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const scheme = /^\s*([a-z][a-z0-9+.-]*):/i;
const harmlessSchemes = new Set(['http', 'https', 'mailto', 'tel', 'urn', 'cid']);

/** What is wrong with a narrative's `div`, as the rest of a sentence; undefined when nothing is. */
export function narrativeProblem(xhtml: string): string | undefined {
  if (!/^\s*<div[\s>/]/.test(xhtml)) return 'must start with <div';
  for (let at = xhtml.indexOf('<'); at >= 0; at = xhtml.indexOf('<', tag.lastIndex)) {
    tag.lastIndex = at;
    const match = tag.exec(xhtml);
    if (!match) return `must be XHTML, which it is not at ${JSON.stringify(xhtml.slice(at, at + 40))}`;
    const name = match[1] ?? match[2];
    if (name !== undefined && !elements.has(name)) return `must not contain the element <${name.slice(0, 40)}>`;
    const problem = match[3] ? attributesProblem(match[3]) : undefined;
    if (problem) return problem;
  }
  return undefined;
}

function attributesProblem(attributes: string): string | undefined {
  for (const [, name = '', double, single] of attributes.matchAll(attribute)) {
    if (/^on/i.test(name)) return `must not contain the attribute ${name.slice(0, 40)}`;
    const value = double ?? single ?? '';
    if (/^(?:href|src|background|action|formaction|xlink:href)$/i.test(name) && !isHarmlessAddress(value)) {
      return `must not link to ${JSON.stringify(value.slice(0, 40))}: use http, https, mailto, tel or an address in this server`;
    }
  }
  return undefined;
}

/** A character reference or a control character before the first colon could hide a scheme that a browser would run. */
function isHarmlessAddress(address: string): boolean {
  const start = address.split(/[:/?#]/, 1)[0] ?? '';
  if (/[&\p{Control}]/u.test(start.trim())) return false;
  const name = scheme.exec(address)?.[1]?.toLowerCase();
  return (
    name === undefined || harmlessSchemes.has(name) || /^\s*data:\s*image\/(?:png|jpeg|gif|webp)[;,]/i.test(address)
  );
}
