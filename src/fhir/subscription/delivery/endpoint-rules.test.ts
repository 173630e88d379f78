import { describe, expect, test } from 'vitest';
import { checkEndpoint, isInner, parseEndpointRules } from './endpoint-rules.ts';

const none = parseEndpointRules('');

describe('without allowed hosts', () => {
  test('public https addresses may be called, when their names stand for public addresses', () => {
    expect(checkEndpoint('https://hooks.example.org/a?b=c', none)).toMatchObject({ mustBePublic: true });
    expect(checkEndpoint('https://8.8.8.8/hook', none).url.hostname).toBe('8.8.8.8');
  });

  test.each([
    'http://hooks.example.org/',
    'https://127.0.0.1/',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/meta-data',
    'https://192.168.1.1/',
    'https://172.16.0.1/',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::7f00:1]/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'https://user:password@example.org/',
    'hooks',
    '',
  ])('%s is refused', (endpoint) => {
    expect(() => checkEndpoint(endpoint, none)).toThrow();
  });
});

describe('with allowed hosts', () => {
  const rules = parseEndpointRules('localhost, 127.0.0.1:8080, [::1], *.clinic.example');

  test.each(['http://localhost:1234/', 'http://127.0.0.1:8080/', 'https://[::1]/', 'http://a.b.clinic.example/hook'])(
    '%s may be called',
    (endpoint) => {
      expect(checkEndpoint(endpoint, rules).mustBePublic).toBe(false);
    },
  );

  test.each([
    'http://127.0.0.1:8081/',
    'http://clinic.example.evil.org/',
    'http://notclinic.example/',
    'http://localhost.evil.org/',
  ])('%s may not', (endpoint) => {
    expect(() => checkEndpoint(endpoint, rules)).toThrow('MERIDIAN_WEBHOOK_HOSTS');
  });

  test('a list that cannot be read is refused', () => {
    expect(() => parseEndpointRules('https://example.org')).toThrow('write host');
  });
});

test('inner addresses are known in both families', () => {
  for (const address of ['127.0.0.1', '::ffff:192.168.0.1', 'fc00::1', '224.0.0.1', '255.255.255.255', 'no address']) {
    expect([address, isInner(address)]).toEqual([address, true]);
  }
  for (const address of ['1.1.1.1', '2606:4700::1111', '172.32.0.1'])
    expect([address, isInner(address)]).toEqual([address, false]);
});
