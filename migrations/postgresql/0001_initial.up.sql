-- Moments are milliseconds since 1970: no time zone of a session or a server can shift them.

-- Whose accounts there are. Every other table names its tenant (nid), in its keys too, so that no row can hang on another tenant's.
-- Nothing refers to this table: each row written would lock the one row here. The tenant that is always there has a fixed id.
create table tenants (
  id uuid not null primary key,
  created_at bigint not null,
  updated_at bigint not null,
  slug varchar(63) not null,
  state varchar(16) not null default 'active',
  settings jsonb null,
  revision int not null default 0,
  providers_revision int not null default 0,
  subscriptions_revision int not null default 0,
  constraint tenants_state_check check (state in ('active', 'inactive', 'deleting'))
);
create unique index tenants_slug_unique on tenants (slug);
insert into tenants (id, created_at, updated_at, slug) values ('6f737469-6172-8000-8000-000000000000', 0, 0, 'default');

-- The host names by which clients call, and whose each is.
create table tenant_hosts (
  host varchar(253) not null primary key,
  tenant_id uuid not null,
  position smallint not null,
  created_at bigint not null
);
create index tenant_hosts_tenant_id_index on tenant_hosts (tenant_id);

-- An account: what its schema says of it, and whether it may sign in.
create table identities (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  schema_id varchar(255) not null,
  state varchar(16) not null default 'active',
  state_changed_at bigint null,
  traits jsonb not null,
  verifiable_addresses jsonb null,
  recovery_addresses jsonb null,
  has_verified_address boolean not null default false,
  metadata_public jsonb null,
  metadata_admin jsonb null,
  external_id varchar(512) null,
  organization_id uuid null,
  region varchar(32) null,
  second_factors varchar(255) not null default '',
  last_sign_in_at bigint not null default 0,
  deletion_due_at bigint null,
  primary key (id, nid),
  constraint identities_state_check check (state in ('active', 'inactive'))
);
create unique index identities_nid_external_id_unique on identities (nid, external_id);
create index identities_nid_organization_id_index on identities (nid, organization_id);
create index identities_deletion_due_at_index on identities (deletion_due_at);
create index identities_nid_state_index on identities (nid, state);
create index identities_nid_schema_id_index on identities (nid, schema_id);
create index identities_nid_created_at_id_index on identities (nid, created_at, id);
create index identities_nid_updated_at_id_index on identities (nid, updated_at, id);
create index identities_nid_last_sign_in_at_id_index on identities (nid, last_sign_in_at, id);
create index identities_nid_id_index on identities (nid, id);

-- What an identity proves itself with, one row per type.
create table identity_credentials (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  identity_id uuid not null,
  type varchar(32) not null,
  config jsonb not null,
  version int not null default 0,
  revision int not null default 0,
  primary key (id, nid),
  constraint identity_credentials_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade
);
create index identity_credentials_identity_id_nid_index on identity_credentials (identity_id, nid);
create unique index identity_credentials_nid_type_identity_id_unique on identity_credentials (nid, type, identity_id);

-- The names by which credentials are found at sign-in.
create table identity_credential_identifiers (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  credential_id uuid not null,
  type varchar(32) not null,
  -- In the order of code points, whatever the database's collation is: prefixes are found by bounds.
  identifier varchar(512) collate "C" not null,
  primary key (id, nid),
  constraint identity_credential_identifiers_credential_id_foreign foreign key (credential_id, nid) references identity_credentials (id, nid) on delete cascade
);
create index identity_credential_identifiers_credential_id_nid_index on identity_credential_identifiers (credential_id, nid);
create unique index identity_credential_identifiers_nid_type_identifier_unique on identity_credential_identifiers (nid, type, identifier);

-- The keys of authenticators, by the SHA-256 of their ids in hex: no two credentials can hold one key.
create table identity_credential_keys (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  credential_id uuid not null,
  key_hash varchar(64) not null,
  primary key (id, nid),
  constraint identity_credential_keys_credential_id_foreign foreign key (credential_id, nid) references identity_credentials (id, nid) on delete cascade
);
create index identity_credential_keys_credential_id_nid_index on identity_credential_keys (credential_id, nid);
create unique index identity_credential_keys_nid_key_hash_unique on identity_credential_keys (nid, key_hash);

-- By which addresses accounts are found, to verify them and to get back in. The accounts hold them, and how far they have come.
create table identity_addresses (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  identity_id uuid not null,
  purpose varchar(16) not null,
  via varchar(16) not null,
  value varchar(512) not null,
  primary key (id, nid),
  constraint identity_addresses_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade,
  constraint identity_addresses_purpose_check check (purpose in ('verification', 'recovery')),
  constraint identity_addresses_via_check check (via in ('email', 'sms'))
);
create index identity_addresses_identity_id_nid_index on identity_addresses (identity_id, nid);
create unique index identity_addresses_nid_purpose_via_value_unique on identity_addresses (nid, purpose, via, value);

-- Which identity an import has made of which of its keys. The id is made of both. Nothing refers to the identity: what was deleted stays so.
create table identity_imports (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  identity_id uuid not null,
  expires_at bigint not null,
  primary key (id, nid)
);
create index identity_imports_expires_at_index on identity_imports (expires_at);

-- One-time codes and tokens of links, by their keyed hash. They end with their flow, which they name without a key.
create table codes (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  flow_id uuid not null,
  identity_id uuid null,
  purpose varchar(16) not null,
  via varchar(16) not null,
  address varchar(512) not null,
  secret_hash varchar(64) not null,
  expires_at bigint not null,
  used_at bigint null,
  primary key (id, nid),
  constraint codes_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade,
  constraint codes_purpose_check check (purpose in ('login', 'registration', 'recovery', 'verification')),
  constraint codes_via_check check (via in ('email', 'sms'))
);
create index codes_nid_flow_id_purpose_index on codes (nid, flow_id, purpose);
create index codes_identity_id_nid_index on codes (identity_id, nid);
create index codes_expires_at_index on codes (expires_at);

-- Sign-ins. token_hash is the SHA-256 of the token, in hex: the token itself is kept nowhere. act says who acts in place of its
-- person, and why; null where nobody does.
create table sessions (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  identity_id uuid not null,
  token_hash varchar(64) not null,
  active boolean not null default true,
  aal smallint not null,
  methods jsonb not null,
  authenticated_at bigint not null,
  issued_at bigint not null,
  expires_at bigint not null,
  last_seen_at bigint not null,
  act jsonb null,
  primary key (id, nid),
  constraint sessions_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade,
  constraint sessions_aal_check check (aal between 0 and 3)
);
create unique index sessions_nid_token_hash_unique on sessions (nid, token_hash);
create index sessions_expires_at_index on sessions (expires_at);
create index sessions_identity_id_nid_active_index on sessions (identity_id, nid, active);
create index sessions_nid_id_index on sessions (nid, id);
create index sessions_nid_last_seen_at_id_index on sessions (nid, last_seen_at, id);

-- From where a session was started or lifted.
create table session_devices (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  session_id uuid not null,
  ip_address varchar(64) null,
  user_agent varchar(512) null,
  location varchar(512) null,
  primary key (id, nid),
  constraint session_devices_session_id_foreign foreign key (session_id, nid) references sessions (id, nid) on delete cascade
);
create index session_devices_session_id_nid_index on session_devices (session_id, nid);

-- Runs through the self-service flows. csrf_hash is the SHA-256 of the browser's anti-CSRF token, exchange_code_hash that of the code that a native client
-- began with, in hex; test_provider is the provider that an administrator tries out by a login flow.
create table flows (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  kind varchar(16) not null,
  type varchar(16) not null,
  state varchar(32) not null,
  active varchar(32) null,
  request_url text not null,
  return_to text null,
  requested_aal smallint not null default 1,
  refresh boolean not null default false,
  csrf_hash varchar(64) null,
  identity_id uuid null,
  organization_id uuid null,
  identity_schema varchar(255) null,
  oauth2_login_challenge text null,
  exchange_code_hash varchar(64) null,
  test_provider varchar(255) null,
  ui jsonb not null,
  memory jsonb not null,
  submit_count int not null default 0,
  challenges_spent int not null default 0,
  issued_at bigint not null,
  expires_at bigint not null,
  primary key (id, nid),
  constraint flows_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade,
  constraint flows_kind_check check (kind in ('login', 'registration', 'settings', 'recovery', 'verification')),
  constraint flows_type_check check (type in ('api', 'browser')),
  constraint flows_requested_aal_check check (requested_aal between 0 and 3)
);
create index flows_identity_id_nid_index on flows (identity_id, nid);
create index flows_expires_at_index on flows (expires_at);

-- What native clients get their sessions by: SHA-256, in hex, of the code that a flow began with and of the one that the browser brings back.
create table session_token_exchanges (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  init_code_hash varchar(64) not null,
  return_code_hash varchar(64) not null,
  flow_id uuid not null,
  session_id uuid null,
  handed_out_at bigint null,
  round int not null default 0,
  expires_at bigint not null,
  primary key (id, nid),
  constraint session_token_exchanges_flow_id_foreign foreign key (flow_id, nid) references flows (id, nid) on delete cascade,
  constraint session_token_exchanges_session_id_foreign foreign key (session_id, nid) references sessions (id, nid) on delete cascade
);
create unique index session_token_exchanges_nid_init_code_hash_unique on session_token_exchanges (nid, init_code_hash);
create index session_token_exchanges_flow_id_nid_index on session_token_exchanges (flow_id, nid);
create index session_token_exchanges_session_id_nid_index on session_token_exchanges (session_id, nid);
create index session_token_exchanges_expires_at_index on session_token_exchanges (expires_at);

-- Errors that browsers were sent away with, until the error page asks for them.
create table flow_errors (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  error jsonb not null,
  csrf_hash varchar(64) null,
  seen_at bigint null,
  primary key (id, nid)
);

-- Messages to people. due_at is when one may be taken, null when it is over; lease_id is who has taken it.
create table courier_messages (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  status varchar(16) not null,
  type varchar(16) not null,
  channel varchar(32) not null,
  recipient varchar(512) not null,
  template_type varchar(64) not null,
  template_data jsonb not null,
  request_headers jsonb not null,
  subject text not null,
  body text not null,
  html_body text null,
  send_count int not null default 0,
  due_at bigint null,
  lease_id uuid null,
  traceparent varchar(64) null,
  primary key (id, nid),
  constraint courier_messages_status_check check (status in ('queued', 'processing', 'sent', 'abandoned')),
  constraint courier_messages_type_check check (type in ('email', 'sms'))
);
create index courier_messages_due_at_id_index on courier_messages (due_at, id);
create index courier_messages_nid_id_index on courier_messages (nid, id);
create index courier_messages_nid_recipient_id_index on courier_messages (nid, recipient, id);

-- Attempts to send messages.
create table courier_message_dispatches (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  message_id uuid not null,
  status varchar(16) not null,
  error jsonb null,
  primary key (id, nid),
  constraint courier_message_dispatches_message_id_foreign foreign key (message_id, nid) references courier_messages (id, nid) on delete cascade,
  constraint courier_message_dispatches_status_check check (status in ('failed', 'success'))
);
create index courier_message_dispatches_message_id_nid_index on courier_message_dispatches (message_id, nid);

-- How often something was tried of late, by the keyed hash of what it was.
create table throttles (
  id varchar(64) not null,
  nid uuid not null,
  tries int not null,
  ends_at bigint not null,
  primary key (id, nid)
);
create index throttles_ends_at_index on throttles (ends_at);

-- What has happened to accounts and sessions, written in the transactions that did it. Nothing refers to either, so that it outlives them. The
-- sequence is given to what is committed, soon after; the hash with it, over the hash before and all that the row says. on_behalf_of_id is the identity in whose
-- place the actor acted, where that is another one.
create table events (
  id uuid not null,
  nid uuid not null,
  sequence bigint null,
  hash varchar(64) null,
  occurred_at bigint not null,
  type varchar(64) not null,
  reason varchar(64) not null,
  actor_kind varchar(16) not null,
  actor_id uuid null,
  actor_name varchar(255) null,
  actor_session_id uuid null,
  on_behalf_of_id uuid null,
  subject_id uuid null,
  session_id uuid null,
  client_address varchar(64) null,
  request_id varchar(128) null,
  payload jsonb not null,
  primary key (id, nid),
  constraint events_actor_kind_check check (actor_kind in ('identity', 'administrator', 'api_key', 'certificate', 'anonymous', 'system'))
);
create index events_nid_sequence_id_index on events (nid, sequence, id);
create index events_nid_subject_id_id_index on events (nid, subject_id, id);
create index events_nid_actor_id_id_index on events (nid, actor_id, id);
create index events_nid_session_id_id_index on events (nid, session_id, id);
create index events_nid_type_id_index on events (nid, type, id);
create index events_nid_id_index on events (nid, id);

-- The ends of a tenant's chain of events, by number and hash: the last number that was given, whose row is the lock of those who give numbers, and the last one that is deleted.
create table event_counters (
  id varchar(16) not null,
  nid uuid not null,
  last bigint not null,
  hash varchar(64) null,
  primary key (id, nid)
);

-- How often what happened, hour by hour. The id is made of the hour, the subject and the kind.
create table hourly_counts (
  id varchar(128) not null,
  nid uuid not null,
  hour bigint not null,
  subject varchar(32) not null,
  kind varchar(64) not null,
  count bigint not null,
  primary key (id, nid)
);
create index hourly_counts_nid_hour_index on hourly_counts (nid, hour);
create index hourly_counts_hour_index on hourly_counts (hour);

-- How many accounts there are: the parts add up.
create table account_totals (
  id varchar(16) not null,
  nid uuid not null,
  active bigint not null,
  inactive bigint not null,
  primary key (id, nid)
);

-- What is counted now and then, since it changes by time alone.
create table gauges (
  id varchar(32) not null,
  nid uuid not null,
  value bigint not null,
  counted_at bigint not null,
  due_at bigint not null,
  primary key (id, nid)
);

-- Providers that people sign in at, beside those of the server's file. What is secret of them is sealed.
create table oidc_providers (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  name varchar(64) not null,
  config jsonb not null,
  secrets text null,
  primary key (id, nid)
);
create unique index oidc_providers_nid_name_unique on oidc_providers (nid, name);

-- Keys by which servers sign for a tenant: sessions as tokens where no template brings its own, tokens of OAuth 2.0. The private halves are sealed.
create table signing_keys (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  purpose varchar(16) not null,
  generation int not null,
  public_key jsonb not null,
  private_key text not null,
  signs_from bigint not null,
  tokens_last bigint not null,
  primary key (id, nid)
);
create unique index signing_keys_nid_purpose_generation_unique on signing_keys (nid, purpose, generation);

-- Keys for the admin API. secret_hash is the SHA-256 of the secret, in hex: the secret itself is kept nowhere.
create table api_keys (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  name varchar(128) not null,
  hint varchar(16) not null,
  secret_hash varchar(64) not null,
  scopes jsonb not null,
  all_tenants boolean not null,
  created_by_kind varchar(16) not null,
  created_by_id uuid null,
  expires_at bigint null,
  last_used_at bigint null,
  primary key (id, nid)
);
create unique index api_keys_nid_secret_hash_unique on api_keys (nid, secret_hash);
create index api_keys_nid_id_index on api_keys (nid, id);

-- Identities that administer, by their ids.
create table administrators (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  role varchar(16) not null,
  primary key (id, nid),
  constraint administrators_id_foreign foreign key (id, nid) references identities (id, nid) on delete cascade,
  constraint administrators_role_check check (role in ('owner', 'admin', 'support', 'viewer'))
);
create index administrators_nid_id_index on administrators (nid, id);

-- Who is signed in to the console. token_hash is the SHA-256, in hex, of the token, or of the code that it is exchanged for; challenge says whose browser's
-- code it is, and is null once there is a token.
create table console_sessions (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  session_id uuid not null,
  token_hash varchar(64) not null,
  challenge varchar(64) null,
  last_used_at bigint not null,
  expires_at bigint not null,
  primary key (id, nid),
  constraint console_sessions_session_id_foreign foreign key (session_id, nid) references sessions (id, nid) on delete cascade
);
create unique index console_sessions_nid_token_hash_unique on console_sessions (nid, token_hash);
create index console_sessions_session_id_nid_index on console_sessions (session_id, nid);
create index console_sessions_expires_at_index on console_sessions (expires_at);

-- Invitations to sign up. token_hash is the SHA-256, in hex, of what stands in the link; sent_at is null where the link went to nobody by us.
create table invitations (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  via varchar(16) not null,
  address varchar(512) not null,
  token_hash varchar(64) not null,
  state varchar(16) not null,
  schema_id varchar(255) not null,
  traits jsonb not null,
  metadata_public jsonb null,
  metadata_admin jsonb null,
  return_to text null,
  locale varchar(64) null,
  invited_by_kind varchar(16) not null,
  invited_by_id uuid null,
  sent_at bigint null,
  expires_at bigint not null,
  identity_id uuid null,
  primary key (id, nid),
  constraint invitations_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade,
  constraint invitations_via_check check (via in ('email', 'sms')),
  constraint invitations_state_check check (state in ('pending', 'accepted', 'revoked'))
);
create unique index invitations_nid_token_hash_unique on invitations (nid, token_hash);
create index invitations_nid_id_index on invitations (nid, id);
create index invitations_nid_state_id_index on invitations (nid, state, id);
create index invitations_nid_address_id_index on invitations (nid, address, id);
create index invitations_identity_id_nid_index on invitations (identity_id, nid);
create index invitations_expires_at_index on invitations (expires_at);

-- Links by which an administrator signs in as somebody else, each for one browser. token_hash is the SHA-256, in hex, of what the link carries; act says who
-- has asked for it and why, lifespan for how many milliseconds its session will last.
create table impersonation_links (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  identity_id uuid not null,
  token_hash varchar(64) not null,
  act jsonb not null,
  lifespan bigint not null,
  expires_at bigint not null,
  primary key (id, nid),
  constraint impersonation_links_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade
);
create unique index impersonation_links_nid_token_hash_unique on impersonation_links (nid, token_hash);
create index impersonation_links_identity_id_nid_index on impersonation_links (identity_id, nid);
create index impersonation_links_expires_at_index on impersonation_links (expires_at);

-- Who answers from memory: servers that hold leases. The number of the last question to each, and of its last answer.
create table cache_leases (
  id uuid not null primary key,
  asked bigint not null,
  answered bigint not null
);

-- What is not as it was, as long as somebody may not know it: the id of a session, an account or a tenant.
create table cache_invalidations (
  id uuid not null,
  nid uuid not null,
  subject uuid not null,
  primary key (id, nid)
);

-- Who is told of events. kept and secrets, which are sealed, are null where they stand in the configuration; sequence is the number of the last event that was taken in.
create table subscriptions (
  id varchar(64) not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  state varchar(16) not null,
  kept jsonb null,
  secrets text null,
  sequence bigint not null,
  starts_at bigint not null,
  resumed_at bigint not null,
  failing_since bigint null,
  primary key (id, nid),
  constraint subscriptions_state_check check (state in ('active', 'paused', 'disabled', 'deleted'))
);
create index subscriptions_nid_id_index on subscriptions (nid, id);

-- Lines of deliveries that wait: one for each subscription and account, of which one server at a time delivers. due_at is when the first in it may be taken.
create table subscription_queues (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  subscription_id varchar(64) not null,
  due_at bigint not null,
  lease_id uuid null,
  failures int not null default 0,
  primary key (id, nid)
);
create index subscription_queues_nid_subscription_id_due_at_id_index on subscription_queues (nid, subscription_id, due_at, id);

-- Events on their way to subscribers. since is from when the time until one is given up counts.
create table subscription_deliveries (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  subscription_id varchar(64) not null,
  queue_id uuid not null,
  event_id uuid not null,
  sequence bigint not null,
  type varchar(64) not null,
  subject_id uuid null,
  state varchar(16) not null,
  attempts jsonb not null,
  since bigint not null,
  settled_at bigint null,
  primary key (id, nid),
  constraint subscription_deliveries_state_check check (state in ('pending', 'delivered', 'dead'))
);
create index subscription_deliveries_nid_subscription_id_state_id_index on subscription_deliveries (nid, subscription_id, state, id);
create index subscription_deliveries_nid_queue_settled_sequence_id_index on subscription_deliveries (nid, queue_id, settled_at, sequence, id);
create index subscription_deliveries_settled_at_id_index on subscription_deliveries (settled_at, id);

-- Applications that may ask for tokens of OAuth 2.0. secret is sealed, and null for those without.
create table oauth2_clients (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  client_id varchar(255) not null,
  metadata jsonb not null,
  secret text null,
  primary key (id, nid)
);
create unique index oauth2_clients_nid_client_id_unique on oauth2_clients (nid, client_id);
create index oauth2_clients_nid_id_index on oauth2_clients (nid, id);

-- Codes, tokens, grants, sessions and requests of OAuth 2.0. Found by SHA-256 of what they are called by; payload, which repeats that, is sealed. consumed_at is set by who redeems it.
create table oauth2_objects (
  id uuid not null,
  nid uuid not null,
  created_at bigint not null,
  updated_at bigint not null,
  model varchar(40) not null,
  key_hash varchar(64) not null,
  alias_hash varchar(64) null,
  grant_hash varchar(64) null,
  client_id varchar(255) null,
  identity_id uuid null,
  payload text not null,
  consumed_at bigint null,
  expires_at bigint not null,
  primary key (id, nid),
  constraint oauth2_objects_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade
);
create unique index oauth2_objects_nid_key_hash_unique on oauth2_objects (nid, key_hash);
create unique index oauth2_objects_nid_alias_hash_unique on oauth2_objects (nid, alias_hash);
create index oauth2_objects_nid_grant_hash_index on oauth2_objects (nid, grant_hash);
create index oauth2_objects_nid_client_id_index on oauth2_objects (nid, client_id);
create index oauth2_objects_identity_id_nid_model_client_index on oauth2_objects (identity_id, nid, model, client_id);
create index oauth2_objects_expires_at_index on oauth2_objects (expires_at);
