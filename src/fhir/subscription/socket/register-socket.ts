import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../../access/index.ts';
import type { Sockets } from './sockets.ts';

interface Bound {
  sockets: Sockets;
  /** Whether a subscription may be read by whoever opened the socket. */
  mayRead(access: Access, rid: number): Promise<boolean>;
}

/** Messages from clients are short commands. */
const mostBytes = 4096;
/** A socket over which nothing comes back for so long is dead, whatever the network says; one that is not bound has no use. */
const pingMs = 30_000;

/** Takes websockets at `/websocket` below the prefix; they pass the same hooks as every request. */
export async function registerSubscriptionSocket(
  app: FastifyInstance,
  { sockets, mayRead }: Bound,
  pulseMs = pingMs,
): Promise<void> {
  await app.register(websocket, { options: { maxPayload: mostBytes } });
  app.get('/websocket', { websocket: true }, (socket, request) => {
    const { access } = request;
    let isAlive = true;
    const pulse = setInterval(() => {
      if (!isAlive) socket.terminate();
      if (!sockets.isBound(socket)) socket.close(1008, 'Send bind-with-token soon after the socket is opened.');
      isAlive = false;
      socket.ping();
    }, pulseMs);
    let reading: Promise<void> = Promise.resolve();
    socket.on('pong', () => {
      isAlive = true;
    });
    socket.on('message', (text) => {
      isAlive = true;
      reading = reading
        .then(() =>
          sockets.receive(socket, String(text), async (rid) => access !== undefined && (await mayRead(access, rid))),
        )
        .catch((error: Error) => {
          request.log.error({ err: error }, 'subscription.socket-failed');
          socket.close(1011, 'The server failed: try again.');
        });
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pulse);
      sockets.remove(socket);
    });
  });
}
