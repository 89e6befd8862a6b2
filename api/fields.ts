// Fields: the words that requests are made of, each with the refusal it earns when it is wrong.

import { z } from 'zod'
import { instant_ms_max, parseDay } from '../core/calendar.ts'
import type { RefusalCode } from '../core/refusal.ts'

const otherwise = (refusal: RefusalCode, message: string) => ({ message, params: { refusal }, abort: true })

export const TEXT_CHARACTERS_MAX = 4_000
export const PASSWORD_CHARACTERS_MIN = 12
const PASSWORD_CHARACTERS_MAX = 256
const PASSWORD_DIFFERENT_MIN = 5
export const LINES_MAX = 1_000
export const PAGE_ROWS_MAX = 1_000
const QUANTITY_MAX = 1_000_000_000_000
const MONEY_MAX = 1_000_000_000_000

/** What PostgreSQL can keep and give back unchanged: no NUL, no half of a surrogate pair. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

export const text = (characters_max = TEXT_CHARACTERS_MAX) =>
  z
    .string()
    .max(characters_max)
    .refine(isStorable, otherwise('text_not_storable', 'A text may hold no NUL character and no half of a surrogate pair.'))

export const name = text(200).min(1)
/** What is typed to sign in: short enough to remember, and the same whatever the keyboard. */
export const userName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@+-]{0,99}$/, 'A sign-in name is up to 100 small letters, digits and . _ @ + -, and begins with a letter or digit.')
  .meta({ example: 'ann' })

/** A password to be: long rather than strange, which is what makes it hard to guess. */
export const newPassword = text(PASSWORD_CHARACTERS_MAX).refine(
  (password) => password.length >= PASSWORD_CHARACTERS_MIN && new Set(password).size >= PASSWORD_DIFFERENT_MIN,
  otherwise('password_too_weak', `A password has at least ${PASSWORD_CHARACTERS_MIN} characters, ${PASSWORD_DIFFERENT_MIN} of them different.`),
)
/** A password that is set already. */
export const password = text(PASSWORD_CHARACTERS_MAX)

/** Codes people type and scan: no blank at the ends, no control characters. */
export const code = text(100).regex(
  /^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u,
  'A code begins and ends with a visible character and has no control characters.',
)
/** Whose goods are meant, where some are not ours. */
export const ownerCode = code
  .optional()
  .meta({ description: 'The supplier whose goods they are, where he leaves them with us on consignment; ours without it' })
export const siteCode = z
  .string()
  .regex(/^[A-Z][A-Z0-9]{1,7}$/, 'A site code is two to eight capital letters and digits.')
  .meta({ example: 'SEA' })
export const orderNumber = z
  .string()
  .regex(/^[A-Z][A-Z0-9]{1,7}-[1-9]\d{0,14}$/, 'An order number is a site code, a dash and a number.')
  .meta({ example: 'SEA-104233' })
/** An order's number in a path, and the site that does something for it. */
export const number = z.object({ number: orderNumber })
export const atSite = siteCode.optional().meta({ description: "The site that does it; without it the order's own" })
/** What proves something, by the number that it has elsewhere: a photo, a report, a claim. */
export const evidence = text(200).regex(/^[^\p{Cc}]*$/u, 'Evidence is a short reference without control characters.')
/** Lots and serials as GS1 writes them, or empty where the item is not told apart. */
export const lot = text(50).regex(/^[^\p{Cc}]*$/u, 'A lot or serial has no control characters.')

export const quantity = z
  .number()
  .refine(Number.isInteger, otherwise('quantity_finer_than_unit', "A quantity is a whole number of the item's unit."))
  .refine((value) => value > 0, otherwise('quantity_not_positive', 'A quantity is above 0.'))
  .refine((value) => value <= QUANTITY_MAX, otherwise('quantity_too_large', `A quantity is at most ${QUANTITY_MAX}.`))
  .meta({ description: "Whole number of the item's unit, above 0", example: 2 })

/** Of the base unit, or of one that is named beside it: what comes in parts of that is found when its size is. */
export const quantityInUnit = z
  .number()
  .refine((value) => value > 0, otherwise('quantity_not_positive', 'A quantity is above 0.'))
  .refine((value) => value <= QUANTITY_MAX, otherwise('quantity_too_large', `A quantity is at most ${QUANTITY_MAX}.`))
  .meta({ description: 'Above 0: a whole number of base units, or of `unit` with up to six decimals', example: 2 })
export const countedInUnit = z
  .number()
  .refine((value) => value >= 0, otherwise('quantity_not_positive', 'Fewer than none cannot be counted.'))
  .refine((value) => value <= QUANTITY_MAX, otherwise('quantity_too_large', `A quantity is at most ${QUANTITY_MAX}.`))
  .meta({ description: 'A whole number of base units, or of `unit` with up to six decimals' })
export const unit = code.optional().meta({ description: "One of the item's units; without it its base unit", example: 'case' })

type Refine<Line> = [
  holds: (line: Line) => boolean,
  otherwise: { message: string; path: string[]; params?: { refusal: RefusalCode }; abort?: boolean },
]
type InUnits<Field extends string> = { readonly [Name in Field]?: number | undefined } & { readonly unit?: string | undefined }

/** Without a unit quantities are whole: what `refine` takes. */
export const wholeWithoutUnit = <Field extends string>(field: Field): Refine<InUnits<Field>> => [
  (line) => line.unit !== undefined || line[field] === undefined || Number.isInteger(line[field]),
  { ...otherwise('quantity_finer_than_unit', "A quantity is a whole number of the item's unit."), path: [field] },
]

interface PricedInUnit {
  readonly unitPrice?: number | undefined
  readonly priceOfUnit?: number | undefined
  readonly unit?: string | undefined
}

/** A price for one of a unit is the other of two ways to say a price. */
export const onePrice: Refine<PricedInUnit> = [
  ({ unitPrice, priceOfUnit: price, unit: of }) => price === undefined || (unitPrice === undefined && of !== undefined),
  { message: 'It is the price of one `unit`, instead of `unitPrice`, which is the price of one base unit.', path: ['priceOfUnit'] },
]

/** As what a document's line was asked for, where that is not the base unit. */
export const toldAsked = z
  .object({ quantity: z.number(), unit: z.string(), comesTo: z.int() })
  .meta({ description: 'As what it was asked for, and the base units that it came to' })

export const countedQuantity = z
  .number()
  .refine(Number.isInteger, otherwise('quantity_finer_than_unit', "A quantity is a whole number of the item's unit."))
  .refine((value) => value >= 0, otherwise('quantity_not_positive', 'Fewer than none cannot be counted.'))
  .refine((value) => value <= QUANTITY_MAX, otherwise('quantity_too_large', `A quantity is at most ${QUANTITY_MAX}.`))

/** Lead times and the like. */
export const days_max = 3_650

export const amount = z.int().min(0).max(MONEY_MAX).meta({ description: "Minor units (cents) of the company's currency", example: 357_827 })

export const day = z
  .string()
  .refine((value) => parseDay(value) !== undefined, otherwise('date_not_valid', 'A day is a date that exists, as 2026-11-23.'))
  .meta({ format: 'date', example: '2026-11-23' })

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2})$/
const isInstant = (value: string): boolean =>
  // In its own zone it may be the last day of 9999 and in ours the year after; what is no date compares as false.
  instantPattern.test(value) && parseDay(value.slice(0, 10)) !== undefined && Date.parse(value) <= instant_ms_max && value >= '1900'
export const instantText = z
  .string()
  .refine(isInstant, otherwise('date_not_valid', 'An instant is a date and time that exist, with its zone, as 2026-11-23T18:04:00Z.'))
  .meta({ format: 'date-time', example: '2026-11-23T18:04:00Z' })

export const priceOfUnit = amount
  .optional()
  .meta({ description: 'Of one `unit`, instead of `unitPrice`, which is of one base unit: the line comes to exactly so many times this' })

const WEIGHT_MAX = 1_000_000_000_000
export const weight = z.int().min(0).max(WEIGHT_MAX).meta({ description: 'Milligrams', example: 8_060_337 })

export const sscc = z.string().regex(/^\d{18}$/, 'The number of a package is an SSCC of 18 digits.')

/** A line of a document, numbered from 1, within what the database counts lines in. */
export const lineNumber = z.int().min(1).max(2_147_483_647)

/** Some of what stands on a document's lines, told apart by lot or serial where that matters. */
export const piecesOfLines = z
  .array(z.strictObject({ line: lineNumber, quantity, lot: lot.default(''), serial: lot.default('') }))
  .min(1)
  .max(LINES_MAX)

/** What people type to find an item or a party: the beginning of its code, or of words of its name. */
export const ofCategory = z
  .union([code, z.literal('')])
  .optional()
  .meta({ description: 'Of this category of items; empty for items without one' })

export const search = text(100).min(1).optional().meta({ description: 'The beginning of a code, or of words of the name' })

export const cursor = z.string().max(500).optional().meta({ description: 'Where the last page ended; absent for the first' })
export const limit = z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(100)

/** What a command leaves: its document's id, and more. */
export const done = z.object({ id: z.string() }).loose()

/** As records tell them: a day, an instant, an amount. */
export const toldDay = z.string().meta({ format: 'date' })
export const toldInstant = z.string().meta({ format: 'date-time' })
export const toldAmount = z.int().meta({ description: 'Minor units' })

/** For an edit of one row among many: what it was made of. A header can name but one. */
export const tag = z.string().max(200).meta({ description: 'Tells one state of the row from another' })
export const ifMatch = tag.optional().meta({ description: 'The tag of what this replaces, as the list tells it; refused when it is another by now' })

export const page = <Row extends z.ZodType>(row: Row) => z.object({ rows: z.array(row), next: z.string().nullable() })

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    field: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ code: z.string(), field: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem document; `code` is stable' })
