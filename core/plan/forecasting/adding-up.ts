// Adding up: forecasts of parts and of their sums, each made from its own history, are made to agree, with as little change as they are uncertain.
//
// Of a tree in which every inner node is the sum of its children, with forecasts y of all nodes and their variances W (diagonal), what adds up is
//
//   x = the least of  sum over nodes of (x - y)^2 / w,  x of an inner node being the sum of its children's
//
// (MinT with a diagonal W: S. Wickramasuriya, G. Athanasopoulos and R. Hyndman, JASA 114, 2019; over time, temporal hierarchies: Athanasopoulos and others, European
// Journal of Operational Research 262, 2017). A tree needs no matrix: on the way up each node's own forecast is weighed against its children's sum, on the way down
// what differs is shared out by variance. Linear in the nodes, and exact.

export interface Sum {
  /** What its own history forecasts. */
  readonly mean: number
  /** Of that, above 0; infinite where it has none of its own. */
  readonly variance: number
  /** None of a leaf. */
  readonly parts: readonly Sum[]
}

export interface AddedUp {
  readonly mean: number
  readonly parts: readonly AddedUp[]
}

/** The tree with means that add up. Nothing is below 0 where no forecast was. */
export function addingUp(tree: Sum): AddedUp {
  const weighed = weigh(tree)
  return share(weighed, weighed.mean, isNowhereBelow(tree))
}

interface Weighed {
  readonly mean: number
  readonly variance: number
  /** What the parts come to together before they are told what they have to. */
  readonly partsMean: number
  readonly partsVariance: number
  readonly parts: readonly Weighed[]
}

function weigh({ mean, variance, parts }: Sum): Weighed {
  const weighed = parts.map(weigh)
  if (weighed.length === 0) return { mean, variance, partsMean: mean, partsVariance: variance, parts: [] }
  const partsMean = weighed.reduce((sum, part) => sum + part.mean, 0)
  const partsVariance = weighed.reduce((sum, part) => sum + part.variance, 0)
  // The more certain has more to say: 1 for the own forecast, 0 for the parts'.
  const own = variance === Infinity ? 0 : partsVariance === Infinity ? 1 : partsVariance / (variance + partsVariance)
  return {
    mean: partsMean + own * (mean - partsMean),
    variance: own === 1 ? variance : (1 - own) * partsVariance,
    partsMean,
    partsVariance,
    parts: weighed,
  }
}

function share({ partsMean, partsVariance, parts }: Weighed, mean: number, isAbove: boolean): AddedUp {
  const difference = mean - partsMean
  if (parts.length === 0) return { mean, parts: [] }
  const unknown = parts.filter((part) => part.variance === Infinity).length
  const shares = parts.map((part) => (unknown > 0 ? (part.variance === Infinity ? 1 / unknown : 0) : part.variance / partsVariance))
  const wanted = parts.map((part, index) => part.mean + shares[index]! * difference)
  const means = isAbove ? noneBelow(wanted, mean) : wanted
  return { mean, parts: parts.map((part, index) => share(part, means[index]!, isAbove)) }
}

/** Parts that would be below 0 are 0, and the others give up as much, in proportion. */
function noneBelow(means: readonly number[], sum: number): readonly number[] {
  const above = means.map((mean) => Math.max(0, mean))
  const all = above.reduce((total, mean) => total + mean, 0)
  return all === 0 ? means.map(() => Math.max(0, sum) / means.length) : above.map((mean) => (mean * Math.max(0, sum)) / all)
}

const isNowhereBelow = ({ mean, parts }: Sum): boolean => mean >= 0 && parts.every(isNowhereBelow)
