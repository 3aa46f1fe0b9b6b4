import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// All URLs are relative, so that the page works at any path.
export default defineConfig({
  base: './',
  plugins: [react()],
  server: { port: 5173, strictPort: false },
});
