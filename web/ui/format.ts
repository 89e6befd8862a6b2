// Format: quantities, money and dates as people of the reader's language write them. Money comes in minor units. What an order comes to stands with
// its currency; amounts of the company's own currency stand without a sign.

import { minorDigits } from '../../core/currency.ts'

const language = typeof navigator === 'undefined' ? 'en' : navigator.language
const MINOR_UNITS = 100

const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
const decimal = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const short = new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 })
const days = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' })
const instants = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })
const distances = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })

export const number = (some: number): string => whole.format(some)
export const money = (minor: number): string => decimal.format(minor / MINOR_UNITS)

const currencies = new Map<string, Intl.NumberFormat>()
/** An amount of a currency, with its sign. */
export function moneyIn(minor: number, currency: string): string {
  const digits = minorDigits(currency)
  const format =
    currencies.get(currency) ??
    new Intl.NumberFormat(language, { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits })
  currencies.set(currency, format)
  return format.format(minor / 10 ** digits)
}

const shares = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 4 })
/** Millionths as per cent. */
export const share = (perMillion: number): string => shares.format(perMillion / 1_000_000)

const tenth = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
/** Units as one believes them, of which there may be parts. */
export const tenths = (some: number): string => tenth.format(some)
/** What is believed with the interval of 90 %; one number where that is all. */
export const band = ({ expected, low, high }: { readonly expected: number; readonly low: number; readonly high: number }): string =>
  low === high ? number(low) : `${tenths(expected)} (${number(low)} to ${number(high)})`
const percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
/** A part of one as per cent, with a decimal where it has one. */
export const percent = (part: number): string => percents.format(part)

const chances = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 })
/** A probability in whole per cent; none is said to be quite sure that is not. */
export const chance = (some: number): string =>
  some > 0 && some < 0.005 ? 'under 1 %' : some < 1 && some > 0.995 ? 'over 99 %' : chances.format(some)

/** For pictures, where the size matters and the cents do not. */
export const roughMoney = (minor: number): string => short.format(minor / MINOR_UNITS)
export const roughNumber = (some: number): string => (Math.abs(some) < 100_000 ? whole.format(some) : short.format(some))

/** Where there is room for three digits. */
export const tinyNumber = (some: number): string => (Math.abs(some) < 1_000 ? whole.format(some) : short.format(some))

/** A day is a day wherever it is read: no time zone moves it. */
export const day = (text: string): string => days.format(new Date(`${text}T00:00:00Z`))
export const instant = (text: string): string => instants.format(new Date(text))

/** Documents without a number of their own are told apart by the end of their id, which is its random part. */
export const shortId = (id: string): string => id.slice(-6).toUpperCase()

const MILLIGRAMS_PER_KILOGRAM = 1_000_000
const weights = new Intl.NumberFormat(language, { maximumFractionDigits: 2, style: 'unit', unit: 'kilogram' })
export const weight = (milligrams: number): string => weights.format(milligrams / MILLIGRAMS_PER_KILOGRAM)

const steps = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

export function ago(text: string, now: number): string {
  const seconds = (Date.parse(text) - now) / 1_000
  const [unit, length] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return distances.format(Math.round(seconds / length), unit)
}

export const today = (now: number): string => new Date(now).toISOString().slice(0, 10)
