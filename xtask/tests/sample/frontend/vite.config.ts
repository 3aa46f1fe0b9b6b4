import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { functions } from './dev-functions.ts';

// All URLs are relative, so that the page works at any path.
export default defineConfig({
  base: './',
  plugins: [react(), functions()],
  server: { port: 5173, strictPort: false },
});
