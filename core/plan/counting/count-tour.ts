// Count tour: which counts to make on one walk. Each is worth something and takes its time at the shelf; to be in an aisle at all takes the walk there,
// once for all that is counted in it. So an aisle with many doubtful items is gone into before a better one that stands alone: a knapsack whose
// things share the cost of their box. Chosen by what a minute is worth, walk included (G. Dantzig, 1957), box by box.

export interface Countable {
  /** What finding out is worth, in any unit that all share. */
  readonly value: number
  /** At the shelf, without the walk there; above 0. */
  readonly minutes: number
  /** Undefined where it stands in none: it is walked to by itself. */
  readonly aisle: number | null
}

export interface TourLimits {
  /** Counts at most. */
  readonly size: number
  /** Of the whole tour. */
  readonly minutes: number
}

/** To another aisle, or to what stands in none. */
export const WALK_MINUTES = 1

/** What such a tour takes: counts, and the walk into each aisle once. */
export function tourMinutes(counts: readonly Pick<Countable, 'minutes' | 'aisle'>[]): number {
  const aisles = new Set(counts.flatMap(({ aisle }) => aisle ?? []))
  const alone = counts.filter(({ aisle }) => aisle === null).length
  return counts.reduce((sum, one) => sum + one.minutes, 0) + WALK_MINUTES * (aisles.size + alone)
}

interface Box<One> {
  isOpen: boolean
  /** What a minute at the shelf is worth most first. */
  left: readonly One[]
}

interface Choice<One> {
  readonly box: Box<One>
  readonly counts: readonly One[]
  readonly minutes: number
  readonly rate: number
}

/** Of all, those that together are worth much within the limits; in the order in which they were chosen. */
export function chooseTour<One extends Countable>(all: readonly One[], { size, minutes }: TourLimits): readonly One[] {
  const boxes = boxesOf(all)
  const chosen: One[] = []
  let left = minutes
  while (chosen.length < size) {
    const best = boxes.reduce<Choice<One> | undefined>((yet, box) => {
      const some = choiceIn(box, left, size - chosen.length)
      return some !== undefined && (yet === undefined || some.rate > yet.rate) ? some : yet
    }, undefined)
    if (best === undefined) break
    const taken = new Set(best.counts)
    best.box.isOpen = true
    best.box.left = best.box.left.filter((one) => !taken.has(one))
    chosen.push(...best.counts)
    left -= best.minutes
  }
  return chosen
}

function boxesOf<One extends Countable>(all: readonly One[]): readonly Box<One>[] {
  const byRate = all.toSorted((a, b) => b.value / b.minutes - a.value / a.minutes)
  const aisles = Map.groupBy(
    byRate.filter(({ aisle }) => aisle !== null),
    ({ aisle }) => aisle,
  )
  const alone = byRate.filter(({ aisle }) => aisle === null).map((one) => [one])
  return [...aisles.values(), ...alone].map((left) => ({ isOpen: false, left }))
}

/** The counts of a box that make a minute worth most: the next one where one is there already, as many as pay for the walk where not. */
function choiceIn<One extends Countable>(box: Box<One>, minutes_max: number, size_max: number): Choice<One> | undefined {
  const counts: One[] = []
  let [value, minutes] = [0, box.isOpen ? 0 : WALK_MINUTES]
  for (const one of box.left) {
    if (counts.length === size_max || (counts.length > 0 && one.value / one.minutes <= value / minutes)) break
    if (minutes + one.minutes > minutes_max) continue
    counts.push(one)
    value += one.value
    minutes += one.minutes
    if (box.isOpen) break
  }
  return counts.length === 0 ? undefined : { box, counts, minutes, rate: value / minutes }
}
