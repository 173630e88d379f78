export const topics = 'https://meridian.example/fhir/SubscriptionTopic';
const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';

export interface WantedSubscription {
  id: string;
  criteria?: string;
  filters?: string[];
  content?: string;
  path?: string;
  channel?: object;
  payload?: string | null;
}

/** A Subscription at a path of its own below the receiver, so that no test hears of another's. */
export function aSubscription(
  receiverUrl: string,
  {
    id,
    criteria = `${topics}/patient-changed`,
    filters = [],
    content = 'id-only',
    channel = {},
    payload = 'application/fhir+json',
  }: WantedSubscription,
) {
  const isTopic = criteria.startsWith('http');
  return {
    resourceType: 'Subscription',
    id,
    status: 'requested',
    reason: 'Test',
    criteria,
    ...(filters.length > 0 && {
      _criteria: {
        extension: filters.map((valueString) => ({ url: `${backport}/backport-filter-criteria`, valueString })),
      },
    }),
    channel: {
      type: 'rest-hook',
      endpoint: `${receiverUrl}/${id}`,
      ...(payload !== null && { payload }),
      ...(isTopic && {
        _payload: { extension: [{ url: `${backport}/backport-payload-content`, valueCode: content }] },
      }),
      ...channel,
    },
  };
}
