/** For what data may be opened; codes of http://terminology.hl7.org/CodeSystem/v3-ActReason */
export const purposes = ['TREAT', 'CAREMGT', 'HPAYMT', 'HRESCH'] as const;
export type ConsentPurpose = (typeof purposes)[number];
