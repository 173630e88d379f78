export { createFolderStorage } from './folder-storage.ts';
export { createS3Storage, type S3Options } from './s3-storage.ts';
export {
  type ByteRange,
  isName,
  leastPiece,
  type ObjectStorage,
  type StoredFile,
  type UnfinishedFile,
} from './storage.ts';
