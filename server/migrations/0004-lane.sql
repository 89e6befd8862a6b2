-- The lane: keys that give a command one effect and one answer, and the log that readers follow.
create table idempotency_key (
  site_id int not null,
  caller text not null,
  key text not null,
  request_sha256 bytea not null,
  status int not null,
  answer text not null,
  recorded_at timestamptz not null,
  primary key (site_id, caller, key)
);

create table outbox (
  site_id int not null,
  sequence bigint not null,
  type text not null,
  version int not null,
  subject text not null,
  -- Set where the event is a message for another site's lane.
  to_site_id int,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  data json not null,
  primary key (site_id, sequence)
);
create index outbox_message on outbox (site_id, sequence) where to_site_id is not null;

-- How far a reader has come in a site's log.
create table outbox_cursor (
  site_id int not null,
  reader text not null,
  sequence bigint not null,
  primary key (site_id, reader)
);

-- One feed of all sites, as spans of their logs: position_from is the place of sequence_from, and so on to sequence_to.
create table feed_span (
  position_from bigint primary key,
  site_id int not null,
  sequence_from bigint not null,
  sequence_to bigint not null,
  check (sequence_to >= sequence_from)
);

-- A restore begins a new epoch, so a reader notices that positions changed their meaning.
create table epoch (
  epoch int primary key,
  begun_at timestamptz not null,
  reason text not null
);
insert into epoch (epoch, begun_at, reason) values (1, '1970-01-01T00:00:00Z', 'created');
insert into site_head (site_id, move_sequence, move_hash, outbox_sequence, last_number, recorded_at, seal)
  values (0, 0, decode(repeat('00', 32), 'hex'), 0, 1000, '1970-01-01T00:00:00Z', ''::bytea);
