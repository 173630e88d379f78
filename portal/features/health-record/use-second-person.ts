import { useEffect, useState } from 'react';

/** One record that some window of this browser has open. */
interface OpenRecord {
  window: string;
  patientId: string;
  since: number;
}

type Message = ({ kind: 'opened' | 'still-open' } & OpenRecord) | { kind: 'closed'; window: string };

const channelName = 'meridian.open-records';

/**
 * Whether another person's record was open in this browser before this one: the moment at which the wrong patient is
 * written to. Windows tell each other by a channel of the browser; nothing is stored, and only ids are told.
 */
export function useIsSecondPerson(patientId: string): boolean {
  const [others, setOthers] = useState<ReadonlyMap<string, OpenRecord>>(new Map());
  const [since, setSince] = useState(0);
  useEffect(() => {
    const own: OpenRecord = { window: crypto.randomUUID(), patientId, since: Date.now() };
    const channel = new BroadcastChannel(channelName);
    const tell = (message: Message) => channel.postMessage(message);
    const close = () => tell({ kind: 'closed', window: own.window });
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      setOthers((known) => remember(known, data));
      if (data.kind === 'opened') tell({ kind: 'still-open', ...own });
    };
    setSince(own.since);
    tell({ kind: 'opened', ...own });
    window.addEventListener('pagehide', close);
    return () => {
      window.removeEventListener('pagehide', close);
      close();
      channel.close();
    };
  }, [patientId]);
  return [...others.values()].some((other) => other.patientId !== patientId && other.since < since);
}

function remember(known: ReadonlyMap<string, OpenRecord>, message: Message): ReadonlyMap<string, OpenRecord> {
  const next = new Map(known);
  if (message.kind === 'closed') next.delete(message.window);
  else next.set(message.window, message);
  return next;
}
