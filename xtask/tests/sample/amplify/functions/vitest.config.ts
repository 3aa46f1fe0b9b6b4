import { defineConfig } from 'vitest/config';

export default defineConfig({
  // A test file creates and migrates a database first.
  test: { dir: 'api', testTimeout: 20_000, hookTimeout: 60_000, unstubEnvs: false },
});
