// Audit search: what the address of the audit trail may hold.

/** What the audit trail is narrowed to. */
export type AuditSearch = {
  readonly actor?: string
  readonly document?: string
  /** Days, both within. */
  readonly from?: string
  readonly until?: string
  /** Only the site that is looked at. */
  readonly here?: true
}
