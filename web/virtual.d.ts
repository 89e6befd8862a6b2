// Modules that the build makes: the theme as a stylesheet.

declare module 'virtual:theme.css'
