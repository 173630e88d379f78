import { BlockList, isIP } from 'node:net';
import { Failure } from '#lib/failure.ts';

/** Hosts that may be called though they are not public, or without TLS: `name`, `name:port`, `*.name`. */
export interface EndpointRules {
  readonly hosts: readonly string[];
}

/** `localhost, hooks.example.org:8443, *.clinic.example`. */
export function parseEndpointRules(text: string): EndpointRules {
  const hosts = text
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== '');
  const odd = hosts.find((host) => !/^(\*\.)?[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/.test(host));
  if (odd) {
    throw new Failure('value', `MERIDIAN_WEBHOOK_HOSTS has "${odd}": write host, host:port, [IPv6] or *.domain.`);
  }
  return { hosts };
}

/** Networks that are not the public internet: a receiver there could be a service that trusts its neighbours. */
const inner = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  inner.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  inner.addSubnet(network, bits, 'ipv6');
}

/** IPv4 written as IPv6 (`::ffff:10.0.0.1`) is judged as what it stands for; BlockList does so itself. */
export function isInner(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  return inner.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function isListed({ hosts }: EndpointRules, { hostname, port, protocol }: URL): boolean {
  const actualPort = port || (protocol === 'https:' ? '443' : '80');
  return hosts.some((host) => {
    const [, name = '', wantedPort] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
    if (wantedPort !== undefined && wantedPort !== actualPort) return false;
    return name.startsWith('*.') ? hostname.endsWith(name.slice(1)) : hostname === name;
  });
}

/** Where a notification goes, and whether the address that the name stands for must be a public one. */
export interface Endpoint {
  readonly url: URL;
  readonly mustBePublic: boolean;
}

/** Fails with `value` or `forbidden` where the server would not send anything. */
export function checkEndpoint(text: string, rules: EndpointRules): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new Failure('value', 'channel.endpoint must be an https address.');
  }
  if (url.username || url.password) {
    throw new Failure('value', 'channel.endpoint must not hold a password: send it as a channel.header.');
  }
  if (isListed(rules, url)) return { url, mustBePublic: false };
  const hint = 'An operator can allow it with MERIDIAN_WEBHOOK_HOSTS.';
  if (url.protocol !== 'https:') throw new Failure('forbidden', `channel.endpoint must be an https address. ${hint}`);
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && isInner(literal)) {
    throw new Failure('forbidden', `channel.endpoint must not be an inner address. ${hint}`);
  }
  return { url, mustBePublic: true };
}
