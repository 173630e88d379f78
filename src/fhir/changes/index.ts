export { type Changes, currentPosition, readChanges, trimChanges } from './change-log.ts';
export { type Position, parsePosition, printPosition, start } from './position.ts';
export { type ChangeRow, selectVersions, type VersionRow } from './queries.ts';
export { type HeldReader, holdReader, positionOf } from './reader.ts';
