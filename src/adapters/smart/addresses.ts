/** Where what is, all told by the address of the FHIR service, so that no request can say otherwise. */
export interface Addresses {
  /** `https://record.example.org/fhir`, without a slash at its end. */
  fhir: string;
  /** `https://record.example.org`, with the folder of a proxy if there is one. */
  root: string;
  /** `https://record.example.org/oidc`. */
  issuer: string;
}

export function addressesOf(fhir: string): Addresses {
  const root = fhir.replace(/\/[^/]+$/, '');
  return { fhir, root, issuer: `${root}/oidc` };
}
