import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root,
  plugins: [react(), compressAssets()],
  // The server replaces this word with a fresh nonce in every answer, see src/adapters/portal.
  html: { cspNonce: '__csp-nonce__' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  // While developing: npx vite --config portal/vite.config.ts, beside a running server.
  server: {
    proxy: Object.fromEntries(
      ['/fhir', '/portal/api'].map((path) => [path, { target: 'http://127.0.0.1:8080', changeOrigin: true }]),
    ),
  },
  logLevel: 'warn',
});

/** Compresses once, at build time, what the server would otherwise compress for every reader. */
function compressAssets(): Plugin {
  return {
    name: 'compress-assets',
    apply: 'build',
    closeBundle() {
      const folder = join(root, 'dist/assets');
      for (const file of readdirSync(folder).filter((name) => /\.(js|css)$/.test(name))) {
        const content = readFileSync(join(folder, file));
        writeFileSync(join(folder, `${file}.br`), brotliCompressSync(content));
        writeFileSync(join(folder, `${file}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}
