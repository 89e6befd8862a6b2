// Clock: the one place where time is read. Everything else is given a clock, so that a replay or a test may bring its own.

/** Milliseconds since 1970. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()
