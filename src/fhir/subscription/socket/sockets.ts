import type { Pool } from '#lib/postgres/pool.ts';
import type { Definition } from '../definition.ts';
import { readVersions } from '../delivery/compose.ts';
import { type NotificationType, type NotifiedEvent, printNotification } from '../notification.ts';
import type { Owners } from '../owners.ts';
import { type SubscriptionRow, selectByRid, selectByRids, selectEvents, selectSubscriptions } from '../queries.ts';
import { subscriptionsOfToken } from './binding.ts';

/** The part of a websocket that is used here. */
export interface Socket {
  readonly bufferedAmount: number;
  readonly readyState: number;
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** Whether whoever opened the socket may read a subscription. */
export type MayRead = (rid: number) => Promise<boolean>;

export interface SocketDependencies {
  owners: Owners;
  pool: Pool;
  baseUrl: string;
  now: () => number;
  definitionOf: (row: SubscriptionRow) => Promise<Definition | undefined>;
}

interface Binding {
  readonly socket: Socket;
  readonly rid: number;
  /** Number of the last event that was sent here. */
  sent: number;
  contacted: number;
}

const open = 1;
const policyViolation = 1008;
/** A client that reads slowly waits here, and gets the rest when it has read. */
const mostBuffered = 4 * 1024 * 1024;

/**
 * The websockets of this process and what they are bound to. A socket gives no receipts: each one is sent every event since
 * it was bound, in order, and a client that comes back asks $events for what it missed.
 * https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/channels.html#websockets
 */
export class Sockets {
  readonly #deps: SocketDependencies;
  readonly #bindings = new Set<Binding>();

  constructor(deps: SocketDependencies) {
    this.#deps = deps;
  }

  /** What a client says: `bind-with-token <token>`, or `bind <id>` for a plain R4 subscription. */
  async receive(socket: Socket, text: string, mayRead: MayRead): Promise<void> {
    const [, command, argument = ''] = /^\s*(bind-with-token|bind)[\s:]+(\S{1,200})\s*$/.exec(text) ?? [];
    if (command === 'bind-with-token') await this.#bindWithToken(socket, argument);
    else if (command === 'bind') await this.#bindPlain(socket, argument, mayRead);
    else socket.close(policyViolation, 'Send bind-with-token and a token of $get-ws-binding-token.');
  }

  remove(socket: Socket): void {
    for (const binding of this.#bindings) if (binding.socket === socket) this.#bindings.delete(binding);
  }

  isBound(socket: Socket): boolean {
    for (const binding of this.#bindings) if (binding.socket === socket) return true;
    return false;
  }

  /** Sends what is new to every socket. */
  async step(): Promise<void> {
    if (this.#bindings.size === 0) return;
    const rids = [...new Set([...this.#bindings].map(({ rid }) => rid))];
    const rows = new Map((await selectByRids(this.#deps.pool, rids)).map((row) => [row.rid, row]));
    for (const binding of [...this.#bindings]) await this.#serve(binding, rows.get(binding.rid));
  }

  closeAll(): void {
    for (const { socket } of this.#bindings) socket.close(1001, 'The server stops: bind again.');
    this.#bindings.clear();
  }

  async #bindWithToken(socket: Socket, token: string): Promise<void> {
    const rids = await subscriptionsOfToken(this.#deps.pool, token);
    if (rids.length === 0) {
      socket.close(policyViolation, 'The token is unknown or has expired: ask $get-ws-binding-token for another one.');
      return;
    }
    for (const rid of rids) {
      const row = await selectByRid(this.#deps.pool, rid);
      const definition = row && (await this.#deps.definitionOf(row));
      if (!row || !definition) continue;
      this.#bind(socket, row);
      socket.send(this.#print('handshake', row, definition));
    }
  }

  /** https://hl7.org/fhir/R4/subscription.html#websocket: whoever may read it hears that something happened, not what. */
  async #bindPlain(socket: Socket, id: string, mayRead: MayRead): Promise<void> {
    const [row] = await selectSubscriptions(this.#deps.pool, [id]);
    const definition = row && (await this.#deps.definitionOf(row));
    if (
      !row ||
      !definition ||
      !(await mayRead(row.rid)) ||
      definition.topic ||
      row.channel !== 'websocket' ||
      row.status === 'off'
    ) {
      socket.close(policyViolation, 'There is no such websocket subscription without a topic.');
      return;
    }
    this.#bind(socket, row);
    socket.send(`bound ${id}`);
  }

  #bind(socket: Socket, { rid, issued }: SubscriptionRow): void {
    if (socket.readyState !== open) return;
    // Whoever binds twice is told once all the same.
    for (const binding of this.#bindings) if (binding.socket === socket && binding.rid === rid) return;
    this.#bindings.add({ socket, rid, sent: issued, contacted: this.#deps.now() });
  }

  async #serve(binding: Binding, row: SubscriptionRow | undefined): Promise<void> {
    const { socket } = binding;
    const definition = row && row.status !== 'off' ? await this.#deps.definitionOf(row) : undefined;
    if (!row || !definition) {
      this.#bindings.delete(binding);
      socket.close(1000, 'The subscription has ended.');
      return;
    }
    const { pool, owners } = this.#deps;
    while (binding.sent < row.issued && socket.readyState === open && socket.bufferedAmount < mostBuffered) {
      const events = await selectEvents(pool, row.rid, binding.sent, row.issued, definition.maxCount);
      const last = events.at(-1);
      if (!last) {
        binding.sent = row.issued;
        break;
      }
      const text = definition.topic
        ? this.#print('event-notification', row, definition, await readVersions(pool, owners, row.rid, events))
        : `ping ${row.id}`;
      this.#send(binding, text);
      binding.sent = last.number;
    }
    const { heartbeatMs } = definition;
    if (definition.topic && heartbeatMs !== undefined && this.#deps.now() - binding.contacted >= heartbeatMs) {
      this.#send(binding, this.#print('heartbeat', row, definition));
    }
  }

  #send(binding: Binding, text: string): void {
    binding.socket.send(text);
    binding.contacted = this.#deps.now();
  }

  #print(
    type: NotificationType,
    row: SubscriptionRow,
    { topic, content }: Definition,
    events: readonly NotifiedEvent[] = [],
  ): string {
    const { baseUrl } = this.#deps;
    const { id: subscriptionId, status, issued } = row;
    return printNotification({
      type,
      baseUrl,
      subscriptionId,
      criteria: topic?.url ?? '',
      status,
      issued,
      content,
      events,
    });
  }
}
