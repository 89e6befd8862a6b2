// Theme: one accent, greys that can be read (every text colour has 4.5 : 1 on its ground), small radii, dense sizes. Read by the build, which makes
// a stylesheet of it, and by the components, so the two cannot differ.

import { createTheme } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 7 },
  colors: {
    petrol: ['#e8f4fa', '#d3e6f0', '#a6cce0', '#7fb9d8', '#5fa8ce', '#378ab9', '#2a82b6', '#1c70a0', '#0d6390', '#00557f'],
    gray: ['#f8f9fb', '#f1f3f6', '#e8ebef', '#dde1e7', '#c9d0d8', '#6c757f', '#5b646e', '#454d56', '#313840', '#1f242a'],
    dark: ['#d5dbe2', '#b9c2cc', '#98a2ae', '#77828f', '#4a5460', '#343d48', '#252c35', '#181d24', '#11151b', '#0b0e12'],
  },
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Liberation Mono", Menlo, monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.375rem', lineHeight: '1.3' }, h2: { fontSize: '1rem', lineHeight: '1.4' } } },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    // The page behind is kept from scrolling by a style that is written into it, which the policy forbids.
    Modal: { defaultProps: { lockScroll: false, centered: true } },
  },
})
