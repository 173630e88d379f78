import type { Address } from 'fhir/r4.js';
import { isChinese } from '../human-name/human-name.ts';

/** The address in one line: largest division first in Chinese, smallest first otherwise. */
export function addressText(address: Address): string {
  if (address.text) return address.text;
  const smallFirst = [...(address.line ?? []), address.district, address.city, address.state, address.postalCode];
  const parts = smallFirst.filter((part): part is string => part !== undefined);
  return parts.some(isChinese)
    ? parts
        .filter((part) => !/^\d+$/.test(part))
        .reverse()
        .join('')
    : parts.join(', ');
}

export function homeAddress(addresses: readonly Address[] | undefined): Address | undefined {
  const current = (addresses ?? []).filter((address) => address.use !== 'old');
  return current.find((address) => address.use === 'home') ?? current[0];
}
