// Pick stage: what comes next for goods that are set aside, on their way from a bin to the door.

/** As long as something is in its bin it is to be picked, then packed, then shipped. */
export const pickStages = ['to_pick', 'to_pack', 'to_ship'] as const
export type PickStage = (typeof pickStages)[number]
