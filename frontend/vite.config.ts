import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The page is found wherever it is put: every address in it is relative.
export default defineConfig({
  base: './',
  plugins: [react()],
  server: { port: 5173, strictPort: false },
});
