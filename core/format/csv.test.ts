import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Money } from '../money.ts'
import {
  billLayout, Cells, csvLine, customerLayout, decimal, guarded, itemLayout, offerLayout, orderLayout, serviceLayout, stockLayout, unguarded, type Layout,
} from './csv.ts'

function read<Noun>(layout: Layout<Noun>, row: Readonly<Record<string, string>>) {
  const columns = new Map(Object.keys(row).map((name, index) => [name, index]))
  const cells = new Cells(columns, Object.values(row))
  const noun = layout.read(cells)
  return cells.faults.length > 0 ? cells.faults.map(({ column, code }) => `${column} ${code}`) : noun
}

describe('a row', () => {
  const item = { sku: 'BK-R50B-58', name: 'Road-650 Black, 58', unit: 'EA', standard_cost: '486.7066', list_price: '699.0982' }
  const line = { order_number: 'SO1', order_date: '2015-01-01', customer_key: '29255', line_no: '2', sku: 'A', qty: '3', list_price: '0.125' }
  const stock = { location_id: '6', shelf: 'A', bin: '12', sku: 'A', qty: '408' }

  const offer = { supplier: 'S1', sku: 'A', lead_time_days: '7', standard_price: '9.99', min_order_qty: '5' }
  const bill = { parent_sku: 'A', component_sku: 'B', qty_per: '0.250', valid_from: '2021-01-01', valid_to: '' }

  test('becomes a noun', () => {
    expect(read(itemLayout, item)).toEqual({
      sku: 'BK-R50B-58', name: 'Road-650 Black, 58', unit: 'EA', standardCost: 48_671, listPrice: 69_910, weight: null, source: 'buy', makeDays: 0, category: null, serviceLevel_e3: null,
    })
    expect(read(itemLayout, { ...item, category: 'Bikes' })).toMatchObject({ category: 'Bikes' })
    expect(read(itemLayout, { ...item, category: '' })).toMatchObject({ category: null })
    expect(read(itemLayout, { ...item, weight: '17.77', weight_unit: 'LB' })).toMatchObject({ weight: 8_060_336 })
    expect(read(itemLayout, { ...item, weight: '435', weight_unit: 'G' })).toMatchObject({ weight: 435_000 })
    expect(read(itemLayout, { ...item, weight: '', weight_unit: '' })).toMatchObject({ weight: null })
    const service = { name: 'XRQ - TRUCK GROUND', base_charge: '3.95', rate_per_lb: '0.99', rate_per_kg: '2.1826' }
    expect(read(serviceLayout, service)).toEqual({
      code: 'XRQ - TRUCK GROUND', carrier: 'XRQ', name: 'TRUCK GROUND', minimum: 395, rate: 99, rateUnit: 'LB', transitDays: null,
    })
    expect(read(serviceLayout, { ...service, name: 'FAST', transit_days: '2' })).toMatchObject({ carrier: 'FAST', name: 'FAST', transitDays: 2 })
    expect(read(customerLayout, { customer_id: '7', type: 'store_contact' })).toEqual({ code: '7', name: 'Store contact 7' })
    expect(read(stockLayout, stock)).toEqual({ place: '6-A-12', position: { aisle: 6, rack: 1, level: 12 }, sku: 'A', quantity: 408 })
    expect(read(stockLayout, { ...stock, shelf: 'N/A', bin: '0', qty: '0' })).toEqual({ place: '6', position: null, sku: 'A', quantity: 0 })
    expect(read(stockLayout, { place: 'SHELF', sku: 'A', qty: '1' })).toEqual({ place: 'SHELF', position: null, sku: 'A', quantity: 1 })
    expect(read(orderLayout('order_date'), line)).toEqual({
      order: 'SO1', line: 2, orderedOn: '2015-01-01', customer: '29255', sku: 'A', quantity: 3, unitPrice: 12,
    })
  })

  test.each([
    ['no sku',                  itemLayout,                 { ...item, sku: '' },                        ['sku body_not_valid']],
    ['a blank at the end',      itemLayout,                 { ...item, sku: 'A ' },                      ['sku body_not_valid']],
    ['a NUL',                   itemLayout,                 { ...item, name: 'a\0b' },                   ['name text_not_storable']],
    ['half a surrogate pair',   itemLayout,                 { ...item, name: 'a\ud800' },                ['name text_not_storable']],
    ['a category with a tab',   itemLayout,                 { ...item, category: 'a\tb' },               ['category body_not_valid']],
    ['a name of a page',        itemLayout,                 { ...item, name: 'a'.repeat(201) },          ['name body_not_valid']],
    ['a cost in words',         itemLayout,                 { ...item, standard_cost: 'free' },          ['standard_cost body_not_valid']],
    ['a price below 0',         itemLayout,                 { ...item, list_price: '-1' },               ['list_price body_not_valid']],
    ['a price of 1e5',          itemLayout,                 { ...item, list_price: '1e5' },              ['list_price body_not_valid']],
    ['a weight in stone',       itemLayout,                 { ...item, weight: '1', weight_unit: 'ST' }, ['weight_unit body_not_valid']],
    ['a weight of -1',          itemLayout,                 { ...item, weight: '-1', weight_unit: 'LB' }, ['weight body_not_valid']],
    ['a year of transit',       serviceLayout,              { name: 'A', base_charge: '1', rate_per_kg: '1', transit_days: '366' }, ['transit_days body_not_valid']],
    ['two faults',              itemLayout,                 { ...item, unit: '', list_price: '' },       ['unit body_not_valid', 'list_price body_not_valid']],
    ['a negative quantity',     orderLayout('order_date'),  { ...line, qty: '-3' },                      ['qty quantity_not_positive']],
    ['a quantity of none',      orderLayout('order_date'),  { ...line, qty: '0' },                       ['qty quantity_not_positive']],
    ['half a unit',             orderLayout('order_date'),  { ...line, qty: '2.5' },                     ['qty quantity_finer_than_unit']],
    ['two units, written long', stockLayout,                { ...stock, qty: '2.00' },                   { place: '6-A-12', position: { aisle: 6, rack: 1, level: 12 }, sku: 'A', quantity: 2 }],
    ['too many units',          orderLayout('order_date'),  { ...line, qty: '1000000000001' },           ['qty quantity_too_large']],
    ['a quantity with commas',  orderLayout('order_date'),  { ...line, qty: '1,000' },                   ['qty body_not_valid']],
    ['30 February',             orderLayout('order_date'),  { ...line, order_date: '2015-02-30' },       ['order_date date_not_valid']],
    ['an American date',        orderLayout('order_date'),  { ...line, order_date: '1/31/2015' },        ['order_date date_not_valid']],
    ['how an item is had',      itemLayout,                 { ...item, make_or_buy: 'steal' },           ['make_or_buy body_not_valid']],
    ['days below 0',            itemLayout,                 { ...item, days_to_manufacture: '-1' },      ['days_to_manufacture body_not_valid']],
    ['no lead time',            offerLayout,                { ...offer, lead_time_days: '' },            ['lead_time_days lead_time_missing']],
    ['a lead time of a decade', offerLayout,                { ...offer, lead_time_days: '4000' },        ['lead_time_days body_not_valid']],
    ['an offer',                offerLayout,                offer,                                       { supplier: 'S1', sku: 'A', leadTimeDays: 7, price: 999, minimum: 5, multiple: 1, preferred: false }],
    ['a third of a component',  billLayout,                 { ...bill, qty_per: '1/3' },                 ['qty_per body_not_valid']],
    ['none of a component',     billLayout,                 { ...bill, qty_per: '0.0' },                 ['qty_per quantity_not_positive']],
    ['a line of a bill',        billLayout,                 bill,                                        { parent: 'A', component: 'B', quantity: 25, batch: 100, scrapPerMillion: 0, validFrom: '2021-01-01', validTo: null }],
    ['line 0',                  orderLayout('order_date'),  { ...line, line_no: '0' },                   ['line_no body_not_valid']],
  ] as [string, Layout<unknown>, Record<string, string>, unknown][])('%s', (_name, layout, row, expected) => {
    expect(read(layout, row)).toEqual(expected)
  })
})

describe('what is written out', () => {
  test.each([
    [['a', 1, null, -2, { digits: '-1.50' }], 'a,1,,-2,-1.50'],
    [['a,b', 'say "hi"', 'x\ny'],     '"a,b","say ""hi""","x\ny"'],
    [['=1+1', '+1', '-1', '@x', '\t=1', '\r=1', '\'t Hart'], '\'=1+1,\'+1,\'-1,\'@x,\'\t=1,"\'\r=1",\'\'t Hart'],
  ])('%j is %j', (cells, line) => {
    expect(csvLine(cells)).toBe(line)
  })

  test('no text is run as a formula, and every text comes back', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map((text) => `'${text}`), fc.string().map((text) => `=${text}`)), (text) => {
      expect(guarded(text)).not.toMatch(/^[=+\-@\t\r]/)
      expect(unguarded(guarded(text))).toBe(text)
    }))
  })

  test.each([[0, '0.00'], [5, '0.05'], [69_910, '699.10'], [-1, '-0.01'], [-12_345, '-123.45']])('%i minor units are %s', (amount, text) => {
    expect(decimal(amount as Money)).toBe(text)
  })
})
