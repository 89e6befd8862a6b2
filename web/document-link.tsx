// Document link: leads from a row to what it belongs to: an order by its number, others by the end of their id. What has no page of its own is found in
// the audit trail, by whoever may read that.

import { Link } from '@tanstack/react-router'
import { useMay } from './session.tsx'
import { shortId } from './ui/format.ts'
import { supplyWord } from './ui/words.ts'

export interface LinkedDocument {
  readonly document: string
  readonly documentKind: 'order' | 'purchase' | 'work_order' | 'transfer' | 'return' | null
  readonly number: string | null
}

export function DocumentLink({ of: { document: id, documentKind, number }, site }: { readonly of: LinkedDocument; readonly site: string }) {
  const may = useMay()
  const text = `${documentKind === null ? '' : `${supplyWord(documentKind === 'work_order' ? 'output' : documentKind)} `}${shortId(id)}`
  if (documentKind === 'order' && number !== null) {
    return (
      <Link to="/orders/$number" params={{ number }}>
        {number}
      </Link>
    )
  }
  const of = { params: { id }, search: { site } }
  if (documentKind === 'purchase' && may('getPurchase')) {
    return (
      <Link to="/purchases/$id" {...of}>
        {text}
      </Link>
    )
  }
  if (documentKind === 'work_order' && may('getWorkOrder')) {
    return (
      <Link to="/work-orders/$id" {...of}>
        {text}
      </Link>
    )
  }
  if (documentKind === 'transfer' && may('getTransfer')) {
    return (
      <Link to="/transfers/$id" {...of}>
        {text}
      </Link>
    )
  }
  if (documentKind === 'return' && may('getReturn')) {
    return (
      <Link to="/returns/$id" {...of}>
        {text}
      </Link>
    )
  }
  if (!may('listAudit')) return text
  return (
    <Link to="/audit" search={{ document: id }}>
      {text}
    </Link>
  )
}
