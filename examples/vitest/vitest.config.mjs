import { defineConfig } from 'vitest/config';

// tests of one file run side by side too: each has an org of its own
export default defineConfig({ test: { sequence: { concurrent: true }, maxConcurrency: 32 } });
