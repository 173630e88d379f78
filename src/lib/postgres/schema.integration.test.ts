import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createTestDatabase } from '#testing/database.ts';
import { printSchema } from '#testing/schema-dump/print-schema.ts';

it('keeps db/schema.sql in step with the migrations ("npm run generate" prints it)', async () => {
  const database = await createTestDatabase();
  const schema = await printSchema(database.connectionString);
  await database.drop();
  expect(schema).toBe(readFileSync(new URL('../../../db/schema.sql', import.meta.url), 'utf8'));
});
