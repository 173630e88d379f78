import { join } from 'node:path';
import type { BulkOptions } from '#fhir/bulk/index.ts';
import { createFolderStorage, createS3Storage, type ObjectStorage } from '#lib/object-storage/index.ts';
import type { Config } from './config.ts';

/** Where bulk exports and imports keep their files. */
export function bulkOptions(config: Config): BulkOptions {
  return {
    storage: exportStorage(config),
    keepHours: config.MERIDIAN_EXPORT_HOURS,
    workFolder: join(config.MERIDIAN_DATA, 'imports'),
    importSources: config.MERIDIAN_IMPORT_SOURCES,
  };
}

function exportStorage(config: Config): ObjectStorage {
  const { MERIDIAN_EXPORT_S3: url } = config;
  if (url === '') return createFolderStorage(config.MERIDIAN_EXPORT_FOLDER || join(config.MERIDIAN_DATA, 'exports'));
  return createS3Storage({
    url,
    region: config.MERIDIAN_S3_REGION,
    accessKeyId: config.MERIDIAN_S3_ACCESS_KEY_ID,
    secretAccessKey: config.MERIDIAN_S3_SECRET_ACCESS_KEY,
  });
}
