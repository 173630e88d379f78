export { type Client, type ClientKind, checkClient, parseJwks } from './client.ts';
export type { InteractionView } from './interaction.ts';
export { addClient, createToken, isRegistered, listAllClients, removeClient } from './operate.ts';
export type { People, SignedIn } from './people.ts';
export { createSmart, type Smart, type SmartDependencies } from './smart.ts';
export { printSecurity } from './smart-configuration.ts';
