export { createTestDatabase, type TestDatabase } from '../../packages/server/src/storage/testing/postgres.ts';
