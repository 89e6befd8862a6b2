// Audited: how a row of the audit trail is shown: what it was about, as a link, and how it was answered.

import { Link } from '@tanstack/react-router'
import type { RowOf } from '../client.ts'
import { Badge } from '../ui/badge.tsx'
import { shortId } from '../ui/format.ts'

type Row = RowOf<'listAudit'>
type Audited = NonNullable<Row['document']>

export function DocumentLink({ document: { kind, id, site } }: { readonly document: Audited }) {
  const search = site === null ? {} : { site }
  switch (kind) {
    case 'order':
      return (
        <Link to="/orders/$number" params={{ number: id }} search={search}>
          {id}
        </Link>
      )
    case 'purchase':
      return (
        <Link to="/purchases/$id" params={{ id }} search={search}>
          Purchase {shortId(id)}
        </Link>
      )
    case 'work_order':
      return (
        <Link to="/work-orders/$id" params={{ id }} search={search}>
          Work order {shortId(id)}
        </Link>
      )
    case 'shipment':
      return (
        <Link to="/shipments/$id" params={{ id }} search={search}>
          Shipment {shortId(id)}
        </Link>
      )
    case 'item':
      return (
        <Link to="/items/$sku" params={{ sku: id }} search={search}>
          {id}
        </Link>
      )
    case 'user':
      return (
        <Link to="/users/$name" params={{ name: id }}>
          {id}
        </Link>
      )
    case 'key':
      return <Link to="/keys">Key {id}</Link>
    case 'transfer':
      return (
        <Link to="/transfers/$id" params={{ id }} search={search}>
          Transfer {shortId(id)}
        </Link>
      )
  }
}

/** A command is done, or refused; why stands in its answer. */
export const Outcome = ({ row: { status } }: { readonly row: Pick<Row, 'status'> }) =>
  status < 300 ? <Badge tone="good">Done</Badge> : <Badge tone="short">Refused</Badge>
