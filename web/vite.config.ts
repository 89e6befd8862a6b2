// How the console is built: into web/dist, as files that the server hands out under a policy that forbids inline styles and scripts. Mantine's
// colours and sizes would be written into the page as it runs; here they become a stylesheet of the build, made from the theme.

import react from '@vitejs/plugin-react'
import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core'
import { defineConfig, type Plugin } from 'vite'
import { theme } from './ui/theme.ts'

const themeStylesheet = 'virtual:theme.css'

function themeAsStylesheet(): Plugin {
  return {
    name: 'theme-as-stylesheet',
    resolveId: (id) => (id === themeStylesheet ? `\0${themeStylesheet}` : undefined),
    load: (id) =>
      id === `\0${themeStylesheet}` ? convertCssVariables(defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme)), ':root') : undefined,
  }
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), themeAsStylesheet()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    // A data: address in a stylesheet would need a hole in the policy.
    assetsInlineLimit: 0,
    target: 'es2023',
  },
  server: {
    port: 5173,
    // `npm run dev:web` beside a running `qm serve`.
    proxy: { '/api': { target: process.env['QUARTERMASTER_URL'] ?? 'http://127.0.0.1:8080', changeOrigin: true } },
  },
})
