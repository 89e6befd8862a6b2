// Main: the console begins here: looks, data, routes.

import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './ui/mantine.ts'
import 'virtual:theme.css'
import './ui/global.css'
import { mayPass, Problem } from './client.ts'
import { router } from './routes.tsx'
import { theme } from './ui/theme.ts'

const FRESH_MILLISECONDS = 10_000
const TRIES_MAX = 2

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MILLISECONDS,
      // Offline is ours to tell: the browser's own idea of it is often wrong.
      networkMode: 'always',
      retry: (tries, error) => error instanceof Problem && mayPass(error) && error.code !== 'offline' && tries < TRIES_MAX,
    },
    mutations: { networkMode: 'always' },
  },
})

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    {/* Styles come as files of the build: nothing is written into the page as it runs. */}
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
