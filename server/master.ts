// Master data, the shell: which codes a command is about, so that the lane can see whether they exist.

import {
  createItems,
  setItemCategory,
  setItemSupply,
  setServiceLevel,
  type CreateItems,
  type SetItemCategory,
  type SetItemSupply,
  type SetServiceLevel,
} from '../core/item-master.ts'
import {
  createKey,
  createParties,
  createPlaces,
  createServices,
  createSite,
  revokeKey,
  setBills,
  setExpiryWriteOff,
  setPriceBook,
  setSiteSources,
  setKits,
  setBackorderClasses,
  setSourcing,
  setSubstitutes,
  setSupplierItems,
  type CreateKey,
  type CreateParties,
  type CreatePlaces,
  type CreateServices,
  type CreateSite,
  type RevokeKey,
  type SetBills,
  type SetExpiryWriteOff,
  type SetPriceBook,
  type SetSiteSources,
  type SetKits,
  type SetBackorderClasses,
  type SetSourcing,
  type SetSubstitutes,
  type SetSupplierItems,
} from '../core/master.ts'
import { removeUnits, setUnits, type RemoveUnits, type SetUnits } from '../core/item-unit.ts'
import type { Stage } from './stage.ts'

export const createItemsStage: Stage<CreateItems> = {
  status: 201,
  needs: ({ items }) => ({ codes: { items: items.map((item) => item.sku) } }),
  decide: createItems,
}

export const setItemSupplyStage: Stage<SetItemSupply> = {
  status: 200,
  needs: ({ sku }) => ({ codes: { items: [sku] } }),
  decide: setItemSupply,
}

export const setItemCategoryStage: Stage<SetItemCategory> = {
  status: 200,
  needs: ({ sku }) => ({ codes: { items: [sku] } }),
  decide: setItemCategory,
}
export const setServiceLevelStage: Stage<SetServiceLevel> = {
  status: 200,
  needs: ({ sku }) => ({ codes: { items: [sku] } }),
  decide: setServiceLevel,
}

export const createPartiesStage: Stage<CreateParties> = {
  status: 201,
  needs: ({ parties }) => ({ codes: { parties: parties.map((party) => party.code) } }),
  decide: createParties,
}

export const createSiteStage: Stage<CreateSite> = {
  status: 201,
  needs: ({ code }) => ({ codes: { sites: [code] } }),
  decide: createSite,
}

export const setExpiryWriteOffStage: Stage<SetExpiryWriteOff> = {
  status: 200,
  needs: ({ site }) => ({ codes: { sites: [site] } }),
  decide: setExpiryWriteOff,
}

export const createPlacesStage: Stage<CreatePlaces> = {
  status: 201,
  needs: ({ places }) => ({ codes: { places: places.map((place) => place.code) }, everyPlace: true }),
  decide: createPlaces,
}

export const createServicesStage: Stage<CreateServices> = {
  status: 201,
  needs: ({ services }) => ({ codes: { services: services.map((service) => service.code) } }),
  decide: createServices,
}

export const createKeyStage: Stage<CreateKey> = { status: 201, needs: () => ({}), decide: createKey }

export const revokeKeyStage: Stage<RevokeKey> = {
  status: 200,
  needs: ({ apiKey }) => ({ codes: { keys: [apiKey] } }),
  decide: revokeKey,
}

export const setSupplierItemsStage: Stage<SetSupplierItems> = {
  status: 200,
  needs: ({ offers, ifMatch = [] }) => ({ codes: { offers: offers.filter((_offer, index) => (ifMatch[index] ?? null) !== null) } }),
  decide: setSupplierItems,
}

export const setBillsStage: Stage<SetBills> = {
  status: 200,
  needs: ({ lines }) => ({ codes: { bills: lines.flatMap((line) => [line.parent, line.component]) } }),
  decide: setBills,
}

export const setKitsStage: Stage<SetKits> = {
  status: 200,
  needs: ({ kits }) => ({ codes: { kits: kits.flatMap(({ kit, components }) => [kit, ...components.map((one) => one.component)]) } }),
  decide: setKits,
}

export const setSubstitutesStage: Stage<SetSubstitutes> = {
  status: 200,
  needs: ({ items }) => ({ codes: { substitutes: items.flatMap(({ item, substitutes }) => [item, ...substitutes.map((one) => one.substitute)]) } }),
  decide: setSubstitutes,
}

export const setUnitsStage: Stage<SetUnits> = {
  status: 200,
  needs: ({ units }) => ({ codes: { units: units.map((one) => one.item) } }),
  decide: setUnits,
}

export const removeUnitsStage: Stage<RemoveUnits> = {
  status: 200,
  needs: ({ units }) => ({ codes: { units: units.map((one) => one.item) } }),
  decide: removeUnits,
}

export const setBackorderClassesStage: Stage<SetBackorderClasses> = {
  status: 200,
  needs: ({ classes }) => ({ codes: { backorderClasses: classes.map(({ code, customers }) => ({ code, customers })) } }),
  decide: setBackorderClasses,
}

export const setSourcingStage: Stage<SetSourcing> = {
  status: 200,
  needs: ({ sourcing }) => ({ codes: { sourcings: [sourcing.site] } }),
  decide: setSourcing,
}

export const setSiteSourcesStage: Stage<SetSiteSources> = { status: 200, needs: () => ({ codes: { siteSources: [true] } }), decide: setSiteSources }

export const setPriceBookStage: Stage<SetPriceBook> = { status: 200, needs: () => ({}), decide: setPriceBook }
