// Step before: what must be done first, where nothing is there that a step could be done to. Only of long journeys: what is bought, made or carried comes about
// often enough by itself.

import type { Kind } from './steps.ts'

/** The step that a long journey's next one needs, where it is not what everybody does anyway. */
export const stepBefore: Readonly<Partial<Record<Kind, Kind>>> = {
  askPayment: 'placeOrder',
  putOrderOnHold: 'placeOrder',
  takeOrderOffHold: 'putOrderOnHold',
  allocateOrder: 'placeOrder',
  recallOrder: 'allocateOrder',
  pickOrder: 'allocateOrder',
  makeReady: 'pickOrder',
  collectOrder: 'makeReady',
  putBackUncollected: 'makeReady',
  packOrder: 'pickOrder',
  unpackOrder: 'packOrder',
  shipOrder: 'packOrder',
  trackShipment: 'shipOrder',
  failDelivery: 'shipOrder',
  bringBack: 'shipOrder',
  loseShipment: 'shipOrder',
  deliverOrder: 'shipOrder',
  returnOrder: 'deliverOrder',
  authoriseReturn: 'deliverOrder',
  receiveReturn: 'authoriseReturn',
  cancelReturn: 'authoriseReturn',
  exchangeReturn: 'authoriseReturn',
  disposeReturn: 'receiveReturn',
  cancelOrder: 'placeOrder',
  changeOrder: 'placeOrder',
  recallLot: 'receive',
  liftRecall: 'recallLot',
}
