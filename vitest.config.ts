import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const withDatabase = {
  globalSetup: './src/testing/database-setup.ts',
  env: {
    MERIDIAN_TEST_DATABASE_URL: process.env.MERIDIAN_TEST_DATABASE_URL ?? '',
    MERIDIAN_TEST_POSTGRES: process.env.MERIDIAN_TEST_POSTGRES ?? '',
  },
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

const code = '{src,portal,population,scripts,bench}/**';

export default defineConfig({
  test: {
    maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Not a limit of speed: a busy machine may take long.
          testTimeout: 30_000,
          include: [`${code}/*.test.{ts,tsx}`],
          exclude: ['**/node_modules/**', '**/*.integration.test.ts', '**/*.prop.test.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'integration', include: [`${code}/*.integration.test.ts`], ...withDatabase },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          provide: { isAllData: process.env.MERIDIAN_ALL_DATA === '1' },
          ...withDatabase,
        },
      },
      {
        extends: true,
        test: {
          name: 'properties',
          include: [`${code}/*.prop.test.ts`, `${code}/*.prop.ts`],
          // MERIDIAN_ALL_DATA=1 takes whole data sets where a run takes a sample.
          provide: { isAllData: process.env.MERIDIAN_ALL_DATA === '1' },
          ...withDatabase,
        },
      },
      {
        extends: true,
        test: {
          name: 'crash',
          include: ['test/crash/**/*.test.ts'],
          provide: {
            crash: {
              seconds: Number(process.env.MERIDIAN_CRASH_SECONDS ?? 60),
              seed: Number(process.env.MERIDIAN_CRASH_SEED ?? Math.floor(Math.random() * 1_000_000)),
            },
          },
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.test.ts'],
          ...withDatabase,
          testTimeout: 120_000,
          // Each file starts a server with the demonstration region.
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
