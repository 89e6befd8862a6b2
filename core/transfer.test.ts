import { expect, test } from 'vitest'
import { quantity } from './quantity.ts'
import { notLeft, transferCan, transferState, type TransferEnd } from './transfer.ts'

const end = (direction: TransferEnd['direction'], posted: number, cancelled: number, held: number, underWay: number): TransferEnd => ({
  direction, planned: quantity(5), posted: quantity(posted), cancelled: quantity(cancelled), held: quantity(held), underWay: quantity(underWay),
})

test.each([
  ['asked for',                    end('supply', 0, 0, 0, 0), 'asked',     ['cancel'],            5],
  ['on its way',                   end('supply', 0, 0, 0, 5), 'under_way', ['receive'],           0],
  ['on its way in part',           end('supply', 0, 0, 0, 2), 'under_way', ['receive', 'cancel'], 3],
  ['here in part, more may leave', end('supply', 2, 0, 0, 0), 'asked',     ['cancel'],            3],
  ['here',                         end('supply', 5, 0, 0, 0), 'received',  [],                    0],
  ['here, and the rest called off', end('supply', 2, 3, 0, 0), 'received',  [],                   0],
  ['called off',                   end('supply', 0, 5, 0, 0), 'cancelled', [],                    0],
  ['waiting there',                end('demand', 0, 0, 0, 0), 'asked',     ['cancel'],            5],
  ['held there',                   end('demand', 0, 0, 2, 0), 'held',      ['send', 'cancel'],    5],
  ['gone from there',              end('demand', 5, 0, 0, 0), 'left',      [],                    0],
])('%s', (_story, one, state, can, staying) => {
  expect([transferState(one), transferCan(one), notLeft(one)]).toEqual([state, can, staying])
})
