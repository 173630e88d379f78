const type = (name: string) => ({ resourceType: name });
const tokenOf = (token: string) => ({ identifier: [{ system: 'urn:token', value: token }] });
const narrative = (token: string) => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml">Written by ${token}</div>`,
});

/** Resources whose token says who wrote them; the system of keys is for conditions. */
export const someone = (token: string) => ({ ...type('Patient'), ...tokenOf(token) });
export const patient = (id: string, token: string) => ({
  ...type('Patient'),
  id,
  ...tokenOf(token),
  birthDate: '1958-03-14',
  text: narrative(token),
});
export const organization = (key: string, token: string) => ({
  ...type('Organization'),
  identifier: [
    { system: 'urn:token', value: token },
    { system: 'urn:key', value: key },
  ],
  name: `Clinic ${key}`,
});
export const observation = (subject: string, token: string) => ({
  ...type('Observation'),
  ...tokenOf(token),
  status: 'final',
  code: { coding: [{ system: 'urn:codes', code: token, display: `Code ${token}` }] },
  subject: { reference: subject },
  effectiveDateTime: '2026-11-25T08:30:00Z',
  valueQuantity: { value: 1.5, unit: `u${token.length}`, system: 'urn:units', code: `u${token.length}` },
});
