export { listBackups, pruneBackups, type StoredBackup } from './backup-folder.ts';
export { canFollow, followLog, reserveLog } from './follow-log.ts';
export { restoreBackup } from './restore.ts';
export { takeBackup } from './take-backup.ts';
