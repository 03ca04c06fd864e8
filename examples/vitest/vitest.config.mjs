import { defineConfig } from 'vitest/config';

// tests of one file run side by side too: each has an org of its own. On a busy machine that takes its time
export default defineConfig({ test: { sequence: { concurrent: true }, maxConcurrency: 32, testTimeout: 30_000 } });
