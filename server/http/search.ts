// Search: items and parties that a person means by what is typed: the beginning of a code, or of each of some words. Both halves are answered
// by an index; the first so many matches are looked at, since nobody reads more, and a search for one letter must not sort a million rows.

import { sql, type Statement } from '../db.ts'

const MATCHES_MAX = 2_000
const LAST_CHARACTER = '\u{10ffff}'

/** Words as PostgreSQL looks for them: each one the beginning of a word of the name. The index parts words at marks too. */
const wordsOf = (search: string): string => (search.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => `'${word}':*`).join(' & ')

const codesOf = (search: string): readonly string[] => [...new Set([search, search.toUpperCase()])]

/** The ids of the items that match, as a subquery. */
export const itemsMatching = (search: string): Statement => sql`(
  (select item_id from item, unnest(${codesOf(search)}::text[]) as typed
    where sku collate "C" >= typed and sku collate "C" < typed || ${LAST_CHARACTER} limit ${MATCHES_MAX})
  union
  (select item_id from item where to_tsvector('simple', translate(sku || ' ' || name, '-_/.,;:+*#()[]', '              ')) @@ to_tsquery('simple', ${wordsOf(search)})
    limit ${MATCHES_MAX}))`

/** The ids of the parties that match, as a subquery. */
export const partiesMatching = (search: string): Statement => sql`(
  (select party_id from party, unnest(${codesOf(search)}::text[]) as typed
    where code collate "C" >= typed and code collate "C" < typed || ${LAST_CHARACTER} limit ${MATCHES_MAX})
  union
  (select party_id from party where to_tsvector('simple', translate(code || ' ' || name, '-_/.,;:+*#()[]', '              ')) @@ to_tsquery('simple', ${wordsOf(search)})
    limit ${MATCHES_MAX}))`
