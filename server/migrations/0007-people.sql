-- People: users and their sessions, roles as the database knows them, and what a key's command was, so that the keys can be read as an audit trail.
create table users (
  user_id int primary key,
  -- What is typed to sign in; the ledger knows people by number, so that a name can be erased.
  name text not null unique check (name ~ '^[a-z0-9][a-z0-9._@+-]{0,99}$'),
  display_name text not null,
  role text not null check (role in ('admin', 'sales', 'buyer', 'planner', 'warehouse', 'driver', 'till', 'auditor')),
  -- The sites he may see and act on; empty means every site.
  site_ids int[] not null,
  password_hash text not null check (password_hash like '$argon2id$%'),
  -- Sessions of an earlier epoch are over.
  epoch int not null check (epoch > 0),
  version int not null check (version > 0),
  created_at timestamptz not null,
  deactivated_at timestamptz
);

create table web_session (
  token_sha256 bytea primary key check (length(token_sha256) = 32),
  user_id int not null references users (user_id),
  epoch int not null check (epoch > 0),
  begun_at timestamptz not null,
  used_at timestamptz not null check (used_at >= begun_at),
  ended_at timestamptz check (ended_at >= begun_at)
);
-- Which are so old that they can be forgotten.
create index web_session_begun on web_session (begun_at);

alter table api_key
  add constraint api_key_role_check check (role in ('admin', 'sales', 'buyer', 'planner', 'warehouse', 'driver', 'till', 'auditor'));

-- Which command the key was used for; null for those of before, of which nobody noted it.
alter table idempotency_key add column command text;
create index idempotency_key_recorded on idempotency_key (site_id, recorded_at);
