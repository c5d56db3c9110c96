-- Moments are milliseconds since 1970. Everything that is compared is compared byte by byte: under the usual collations
-- two people's addresses can be one. Documents are text, which MySQL and MariaDB read alike. MySQL commits after each
-- statement, so each can be repeated after a crash.

-- Whose accounts there are. Every other table names its tenant (nid), in its keys too, so that no row can hang on another tenant's.
-- Nothing refers to this table: each row written would lock the one row here. The tenant that is always there has a fixed id.
create table if not exists tenants (
  id char(36) character set ascii collate ascii_bin not null primary key,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `slug` varchar(63) character set ascii collate ascii_bin not null,
  `state` varchar(16) character set ascii collate ascii_bin not null default 'active',
  `settings` longtext null check (json_valid(`settings`)),
  `revision` int not null default 0,
  `providers_revision` int not null default 0,
  `subscriptions_revision` int not null default 0,
  constraint tenants_state_check check (`state` in ('active', 'inactive', 'deleting')),
  unique key tenants_slug_unique (`slug`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;
insert ignore into tenants (id, created_at, updated_at, slug) values ('6f737469-6172-8000-8000-000000000000', 0, 0, 'default');

-- The host names by which clients call, and whose each is.
create table if not exists tenant_hosts (
  `host` varchar(253) character set ascii collate ascii_bin not null primary key,
  `tenant_id` char(36) character set ascii collate ascii_bin not null,
  `position` smallint not null,
  `created_at` bigint not null,
  key tenant_hosts_tenant_id_index (`tenant_id`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- An account: what its schema says of it, and whether it may sign in.
create table if not exists identities (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `schema_id` varchar(255) not null,
  `state` varchar(16) character set ascii collate ascii_bin not null default 'active',
  `state_changed_at` bigint null,
  `traits` longtext not null check (json_valid(`traits`)),
  `verifiable_addresses` longtext null check (json_valid(`verifiable_addresses`)),
  `recovery_addresses` longtext null check (json_valid(`recovery_addresses`)),
  `has_verified_address` tinyint(1) not null default false,
  `metadata_public` longtext null check (json_valid(`metadata_public`)),
  `metadata_admin` longtext null check (json_valid(`metadata_admin`)),
  `external_id` varchar(512) null,
  `organization_id` char(36) character set ascii collate ascii_bin null,
  `region` varchar(32) character set ascii collate ascii_bin null,
  `second_factors` varchar(255) character set ascii collate ascii_bin not null default '',
  `last_sign_in_at` bigint not null default 0,
  `deletion_due_at` bigint null,
  primary key (id, nid),
  constraint identities_state_check check (`state` in ('active', 'inactive')),
  unique key identities_nid_external_id_unique (`nid`, `external_id`),
  key identities_nid_organization_id_index (`nid`, `organization_id`),
  key identities_deletion_due_at_index (`deletion_due_at`),
  key identities_nid_state_index (`nid`, `state`),
  key identities_nid_schema_id_index (`nid`, `schema_id`),
  key identities_nid_created_at_id_index (`nid`, `created_at`, `id`),
  key identities_nid_updated_at_id_index (`nid`, `updated_at`, `id`),
  key identities_nid_last_sign_in_at_id_index (`nid`, `last_sign_in_at`, `id`),
  key identities_nid_id_index (`nid`, `id`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- What an identity proves itself with, one row per type.
create table if not exists identity_credentials (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `identity_id` char(36) character set ascii collate ascii_bin not null,
  `type` varchar(32) character set ascii collate ascii_bin not null,
  `config` longtext not null check (json_valid(`config`)),
  `version` int not null default 0,
  `revision` int not null default 0,
  primary key (id, nid),
  constraint identity_credentials_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade,
  key identity_credentials_identity_id_nid_index (`identity_id`, `nid`),
  unique key identity_credentials_nid_type_identity_id_unique (`nid`, `type`, `identity_id`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- The names by which credentials are found at sign-in.
create table if not exists identity_credential_identifiers (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `credential_id` char(36) character set ascii collate ascii_bin not null,
  `type` varchar(32) character set ascii collate ascii_bin not null,
  `identifier` varchar(512) not null,
  primary key (id, nid),
  constraint identity_credential_identifiers_credential_id_foreign foreign key (credential_id, nid) references identity_credentials (id, nid) on delete cascade,
  key identity_credential_identifiers_credential_id_nid_index (`credential_id`, `nid`),
  unique key identity_credential_identifiers_nid_type_identifier_unique (`nid`, `type`, `identifier`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- The keys of authenticators, by the SHA-256 of their ids in hex: no two credentials can hold one key.
create table if not exists identity_credential_keys (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `credential_id` char(36) character set ascii collate ascii_bin not null,
  `key_hash` varchar(64) character set ascii collate ascii_bin not null,
  primary key (id, nid),
  constraint identity_credential_keys_credential_id_foreign foreign key (credential_id, nid) references identity_credentials (id, nid) on delete cascade,
  key identity_credential_keys_credential_id_nid_index (`credential_id`, `nid`),
  unique key identity_credential_keys_nid_key_hash_unique (`nid`, `key_hash`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- By which addresses accounts are found, to verify them and to get back in. The accounts hold them, and how far they have come.
create table if not exists identity_addresses (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `identity_id` char(36) character set ascii collate ascii_bin not null,
  `purpose` varchar(16) character set ascii collate ascii_bin not null,
  `via` varchar(16) character set ascii collate ascii_bin not null,
  `value` varchar(512) not null,
  primary key (id, nid),
  constraint identity_addresses_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade,
  constraint identity_addresses_purpose_check check (`purpose` in ('verification', 'recovery')),
  constraint identity_addresses_via_check check (`via` in ('email', 'sms')),
  key identity_addresses_identity_id_nid_index (`identity_id`, `nid`),
  unique key identity_addresses_nid_purpose_via_value_unique (`nid`, `purpose`, `via`, `value`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Which identity an import has made of which of its keys. The id is made of both. Nothing refers to the identity: what was deleted stays so.
create table if not exists identity_imports (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `identity_id` char(36) character set ascii collate ascii_bin not null,
  `expires_at` bigint not null,
  primary key (id, nid),
  key identity_imports_expires_at_index (`expires_at`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- One-time codes and tokens of links, by their keyed hash. They end with their flow, which they name without a key.
create table if not exists codes (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `flow_id` char(36) character set ascii collate ascii_bin not null,
  `identity_id` char(36) character set ascii collate ascii_bin null,
  `purpose` varchar(16) character set ascii collate ascii_bin not null,
  `via` varchar(16) character set ascii collate ascii_bin not null,
  `address` varchar(512) not null,
  `secret_hash` varchar(64) character set ascii collate ascii_bin not null,
  `expires_at` bigint not null,
  `used_at` bigint null,
  primary key (id, nid),
  constraint codes_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade,
  constraint codes_purpose_check check (`purpose` in ('login', 'registration', 'recovery', 'verification')),
  constraint codes_via_check check (`via` in ('email', 'sms')),
  key codes_nid_flow_id_purpose_index (`nid`, `flow_id`, `purpose`),
  key codes_identity_id_nid_index (`identity_id`, `nid`),
  key codes_expires_at_index (`expires_at`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Sign-ins. token_hash is the SHA-256 of the token, in hex: the token itself is kept nowhere. act says who acts in place of its
-- person, and why; null where nobody does.
create table if not exists sessions (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `identity_id` char(36) character set ascii collate ascii_bin not null,
  `token_hash` varchar(64) character set ascii collate ascii_bin not null,
  `active` tinyint(1) not null default true,
  `aal` smallint not null,
  `methods` longtext not null check (json_valid(`methods`)),
  `authenticated_at` bigint not null,
  `issued_at` bigint not null,
  `expires_at` bigint not null,
  `last_seen_at` bigint not null,
  `act` longtext null check (json_valid(`act`)),
  primary key (id, nid),
  constraint sessions_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade,
  constraint sessions_aal_check check (`aal` between 0 and 3),
  unique key sessions_nid_token_hash_unique (`nid`, `token_hash`),
  key sessions_expires_at_index (`expires_at`),
  key sessions_identity_id_nid_active_index (`identity_id`, `nid`, `active`),
  key sessions_nid_id_index (`nid`, `id`),
  key sessions_nid_last_seen_at_id_index (`nid`, `last_seen_at`, `id`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- From where a session was started or lifted.
create table if not exists session_devices (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `session_id` char(36) character set ascii collate ascii_bin not null,
  `ip_address` varchar(64) null,
  `user_agent` varchar(512) null,
  `location` varchar(512) null,
  primary key (id, nid),
  constraint session_devices_session_id_foreign foreign key (session_id, nid) references sessions (id, nid) on delete cascade,
  key session_devices_session_id_nid_index (`session_id`, `nid`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Runs through the self-service flows. csrf_hash is the SHA-256 of the browser's anti-CSRF token, exchange_code_hash that of the code that a native client
-- began with, in hex; test_provider is the provider that an administrator tries out by a login flow.
create table if not exists flows (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `kind` varchar(16) character set ascii collate ascii_bin not null,
  `type` varchar(16) character set ascii collate ascii_bin not null,
  `state` varchar(32) character set ascii collate ascii_bin not null,
  `active` varchar(32) character set ascii collate ascii_bin null,
  `request_url` text not null,
  `return_to` text null,
  `requested_aal` smallint not null default 1,
  `refresh` tinyint(1) not null default false,
  `csrf_hash` varchar(64) character set ascii collate ascii_bin null,
  `identity_id` char(36) character set ascii collate ascii_bin null,
  `organization_id` char(36) character set ascii collate ascii_bin null,
  `identity_schema` varchar(255) null,
  `oauth2_login_challenge` text null,
  `exchange_code_hash` varchar(64) character set ascii collate ascii_bin null,
  `test_provider` varchar(255) null,
  `ui` longtext not null check (json_valid(`ui`)),
  `memory` longtext not null check (json_valid(`memory`)),
  `submit_count` int not null default 0,
  `challenges_spent` int not null default 0,
  `issued_at` bigint not null,
  `expires_at` bigint not null,
  primary key (id, nid),
  constraint flows_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade,
  constraint flows_kind_check check (`kind` in ('login', 'registration', 'settings', 'recovery', 'verification')),
  constraint flows_type_check check (`type` in ('api', 'browser')),
  constraint flows_requested_aal_check check (`requested_aal` between 0 and 3),
  key flows_identity_id_nid_index (`identity_id`, `nid`),
  key flows_expires_at_index (`expires_at`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- What native clients get their sessions by: SHA-256, in hex, of the code that a flow began with and of the one that the browser brings back.
create table if not exists session_token_exchanges (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `init_code_hash` varchar(64) character set ascii collate ascii_bin not null,
  `return_code_hash` varchar(64) character set ascii collate ascii_bin not null,
  `flow_id` char(36) character set ascii collate ascii_bin not null,
  `session_id` char(36) character set ascii collate ascii_bin null,
  `handed_out_at` bigint null,
  `round` int not null default 0,
  `expires_at` bigint not null,
  primary key (id, nid),
  constraint session_token_exchanges_flow_id_foreign foreign key (flow_id, nid) references flows (id, nid) on delete cascade,
  constraint session_token_exchanges_session_id_foreign foreign key (session_id, nid) references sessions (id, nid) on delete cascade,
  unique key session_token_exchanges_nid_init_code_hash_unique (`nid`, `init_code_hash`),
  key session_token_exchanges_flow_id_nid_index (`flow_id`, `nid`),
  key session_token_exchanges_session_id_nid_index (`session_id`, `nid`),
  key session_token_exchanges_expires_at_index (`expires_at`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Errors that browsers were sent away with, until the error page asks for them.
create table if not exists flow_errors (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `error` longtext not null check (json_valid(`error`)),
  `csrf_hash` varchar(64) character set ascii collate ascii_bin null,
  `seen_at` bigint null,
  primary key (id, nid)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Messages to people. due_at is when one may be taken, null when it is over; lease_id is who has taken it.
create table if not exists courier_messages (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `status` varchar(16) character set ascii collate ascii_bin not null,
  `type` varchar(16) character set ascii collate ascii_bin not null,
  `channel` varchar(32) character set ascii collate ascii_bin not null,
  `recipient` varchar(512) not null,
  `template_type` varchar(64) character set ascii collate ascii_bin not null,
  `template_data` longtext not null check (json_valid(`template_data`)),
  `request_headers` longtext not null check (json_valid(`request_headers`)),
  `subject` longtext not null,
  `body` longtext not null,
  `html_body` longtext null,
  `send_count` int not null default 0,
  `due_at` bigint null,
  `lease_id` char(36) character set ascii collate ascii_bin null,
  `traceparent` varchar(64) character set ascii collate ascii_bin null,
  primary key (id, nid),
  constraint courier_messages_status_check check (`status` in ('queued', 'processing', 'sent', 'abandoned')),
  constraint courier_messages_type_check check (`type` in ('email', 'sms')),
  key courier_messages_due_at_id_index (`due_at`, `id`),
  key courier_messages_nid_id_index (`nid`, `id`),
  key courier_messages_nid_recipient_id_index (`nid`, `recipient`, `id`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Attempts to send messages.
create table if not exists courier_message_dispatches (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `message_id` char(36) character set ascii collate ascii_bin not null,
  `status` varchar(16) character set ascii collate ascii_bin not null,
  `error` longtext null check (json_valid(`error`)),
  primary key (id, nid),
  constraint courier_message_dispatches_message_id_foreign foreign key (message_id, nid) references courier_messages (id, nid) on delete cascade,
  constraint courier_message_dispatches_status_check check (`status` in ('failed', 'success')),
  key courier_message_dispatches_message_id_nid_index (`message_id`, `nid`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- How often something was tried of late, by the keyed hash of what it was.
create table if not exists throttles (
  id varchar(64) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `tries` int not null,
  `ends_at` bigint not null,
  primary key (id, nid),
  key throttles_ends_at_index (`ends_at`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- What has happened to accounts and sessions, written in the transactions that did it. Nothing refers to either, so that it outlives them. The
-- sequence is given to what is committed, soon after; the hash with it, over the hash before and all that the row says. on_behalf_of_id is the identity in whose
-- place the actor acted, where that is another one.
create table if not exists events (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `sequence` bigint null,
  `hash` varchar(64) character set ascii collate ascii_bin null,
  `occurred_at` bigint not null,
  `type` varchar(64) character set ascii collate ascii_bin not null,
  `reason` varchar(64) character set ascii collate ascii_bin not null,
  `actor_kind` varchar(16) character set ascii collate ascii_bin not null,
  `actor_id` char(36) character set ascii collate ascii_bin null,
  `actor_name` varchar(255) null,
  `actor_session_id` char(36) character set ascii collate ascii_bin null,
  `on_behalf_of_id` char(36) character set ascii collate ascii_bin null,
  `subject_id` char(36) character set ascii collate ascii_bin null,
  `session_id` char(36) character set ascii collate ascii_bin null,
  `client_address` varchar(64) null,
  `request_id` varchar(128) null,
  `payload` longtext not null check (json_valid(`payload`)),
  primary key (id, nid),
  constraint events_actor_kind_check check (`actor_kind` in ('identity', 'administrator', 'api_key', 'certificate', 'anonymous', 'system')),
  key events_nid_sequence_id_index (`nid`, `sequence`, `id`),
  key events_nid_subject_id_id_index (`nid`, `subject_id`, `id`),
  key events_nid_actor_id_id_index (`nid`, `actor_id`, `id`),
  key events_nid_session_id_id_index (`nid`, `session_id`, `id`),
  key events_nid_type_id_index (`nid`, `type`, `id`),
  key events_nid_id_index (`nid`, `id`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- The ends of a tenant's chain of events, by number and hash: the last number that was given, whose row is the lock of those who give numbers, and the last one that is deleted.
create table if not exists event_counters (
  id varchar(16) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `last` bigint not null,
  `hash` varchar(64) character set ascii collate ascii_bin null,
  primary key (id, nid)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- How often what happened, hour by hour. The id is made of the hour, the subject and the kind.
create table if not exists hourly_counts (
  id varchar(128) not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `hour` bigint not null,
  `subject` varchar(32) not null,
  `kind` varchar(64) not null,
  `count` bigint not null,
  primary key (id, nid),
  key hourly_counts_nid_hour_index (`nid`, `hour`),
  key hourly_counts_hour_index (`hour`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- How many accounts there are: the parts add up.
create table if not exists account_totals (
  id varchar(16) not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `active` bigint not null,
  `inactive` bigint not null,
  primary key (id, nid)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- What is counted now and then, since it changes by time alone.
create table if not exists gauges (
  id varchar(32) not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `value` bigint not null,
  `counted_at` bigint not null,
  `due_at` bigint not null,
  primary key (id, nid)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Providers that people sign in at, beside those of the server's file. What is secret of them is sealed.
create table if not exists oidc_providers (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `name` varchar(64) character set ascii collate ascii_bin not null,
  `config` longtext not null check (json_valid(`config`)),
  `secrets` longtext null,
  primary key (id, nid),
  unique key oidc_providers_nid_name_unique (`nid`, `name`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Keys by which servers sign for a tenant: sessions as tokens where no template brings its own, tokens of OAuth 2.0. The private halves are sealed.
create table if not exists signing_keys (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `purpose` varchar(16) character set ascii collate ascii_bin not null,
  `generation` int not null,
  `public_key` longtext not null check (json_valid(`public_key`)),
  `private_key` longtext not null,
  `signs_from` bigint not null,
  `tokens_last` bigint not null,
  primary key (id, nid),
  unique key signing_keys_nid_purpose_generation_unique (`nid`, `purpose`, `generation`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Keys for the admin API. secret_hash is the SHA-256 of the secret, in hex: the secret itself is kept nowhere.
create table if not exists api_keys (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `name` varchar(128) not null,
  `hint` varchar(16) character set ascii collate ascii_bin not null,
  `secret_hash` varchar(64) character set ascii collate ascii_bin not null,
  `scopes` longtext not null check (json_valid(`scopes`)),
  `all_tenants` tinyint(1) not null,
  `created_by_kind` varchar(16) character set ascii collate ascii_bin not null,
  `created_by_id` char(36) character set ascii collate ascii_bin null,
  `expires_at` bigint null,
  `last_used_at` bigint null,
  primary key (id, nid),
  unique key api_keys_nid_secret_hash_unique (`nid`, `secret_hash`),
  key api_keys_nid_id_index (`nid`, `id`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Identities that administer, by their ids.
create table if not exists administrators (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `role` varchar(16) character set ascii collate ascii_bin not null,
  primary key (id, nid),
  constraint administrators_id_foreign foreign key (id, nid) references identities (id, nid) on delete cascade,
  constraint administrators_role_check check (`role` in ('owner', 'admin', 'support', 'viewer')),
  key administrators_nid_id_index (`nid`, `id`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Who is signed in to the console. token_hash is the SHA-256, in hex, of the token, or of the code that it is exchanged for; challenge says whose browser's
-- code it is, and is null once there is a token.
create table if not exists console_sessions (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `session_id` char(36) character set ascii collate ascii_bin not null,
  `token_hash` varchar(64) character set ascii collate ascii_bin not null,
  `challenge` varchar(64) character set ascii collate ascii_bin null,
  `last_used_at` bigint not null,
  `expires_at` bigint not null,
  primary key (id, nid),
  constraint console_sessions_session_id_foreign foreign key (session_id, nid) references sessions (id, nid) on delete cascade,
  unique key console_sessions_nid_token_hash_unique (`nid`, `token_hash`),
  key console_sessions_session_id_nid_index (`session_id`, `nid`),
  key console_sessions_expires_at_index (`expires_at`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Invitations to sign up. token_hash is the SHA-256, in hex, of what stands in the link; sent_at is null where the link went to nobody by us.
create table if not exists invitations (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `via` varchar(16) character set ascii collate ascii_bin not null,
  `address` varchar(512) not null,
  `token_hash` varchar(64) character set ascii collate ascii_bin not null,
  `state` varchar(16) character set ascii collate ascii_bin not null,
  `schema_id` varchar(255) not null,
  `traits` longtext not null check (json_valid(`traits`)),
  `metadata_public` longtext null check (json_valid(`metadata_public`)),
  `metadata_admin` longtext null check (json_valid(`metadata_admin`)),
  `return_to` longtext null,
  `locale` varchar(64) character set ascii collate ascii_bin null,
  `invited_by_kind` varchar(16) character set ascii collate ascii_bin not null,
  `invited_by_id` char(36) character set ascii collate ascii_bin null,
  `sent_at` bigint null,
  `expires_at` bigint not null,
  `identity_id` char(36) character set ascii collate ascii_bin null,
  primary key (id, nid),
  constraint invitations_identity_id_foreign foreign key (`identity_id`, nid) references identities (id, nid) on delete cascade,
  constraint invitations_via_check check (`via` in ('email', 'sms')),
  constraint invitations_state_check check (`state` in ('pending', 'accepted', 'revoked')),
  unique key invitations_nid_token_hash_unique (`nid`, `token_hash`),
  key invitations_nid_id_index (`nid`, `id`),
  key invitations_nid_state_id_index (`nid`, `state`, `id`),
  key invitations_nid_address_id_index (`nid`, `address`, `id`),
  key invitations_identity_id_nid_index (`identity_id`, `nid`),
  key invitations_expires_at_index (`expires_at`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Links by which an administrator signs in as somebody else, each for one browser. token_hash is the SHA-256, in hex, of what the link carries; act says who
-- has asked for it and why, lifespan for how many milliseconds its session will last.
create table if not exists impersonation_links (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `identity_id` char(36) character set ascii collate ascii_bin not null,
  `token_hash` varchar(64) character set ascii collate ascii_bin not null,
  `act` longtext not null check (json_valid(`act`)),
  `lifespan` bigint not null,
  `expires_at` bigint not null,
  primary key (id, nid),
  constraint impersonation_links_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade,
  unique key impersonation_links_nid_token_hash_unique (`nid`, `token_hash`),
  key impersonation_links_identity_id_nid_index (`identity_id`, `nid`),
  key impersonation_links_expires_at_index (`expires_at`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Who answers from memory: servers that hold leases. The number of the last question to each, and of its last answer.
create table if not exists cache_leases (
  id char(36) character set ascii collate ascii_bin not null primary key,
  `asked` bigint not null,
  `answered` bigint not null
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- The row of no server: its lock alone is of use. Who changes something shares it, and who enters looks whether anybody does.
insert ignore into cache_leases (id, asked, answered) values ('00000000-0000-0000-0000-000000000000', 0, 0);

-- What is not as it was, as long as somebody may not know it: the id of a session, an account or a tenant.
create table if not exists cache_invalidations (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  subject char(36) character set ascii collate ascii_bin not null,
  primary key (id, nid)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Who is told of events. kept and secrets, which are sealed, are null where they stand in the configuration; sequence is the number of the last event that was taken in.
create table if not exists subscriptions (
  id varchar(64) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `state` varchar(16) character set ascii collate ascii_bin not null,
  `kept` longtext null check (json_valid(`kept`)),
  `secrets` longtext null,
  `sequence` bigint not null,
  `starts_at` bigint not null,
  `resumed_at` bigint not null,
  `failing_since` bigint null,
  primary key (id, nid),
  constraint subscriptions_state_check check (`state` in ('active', 'paused', 'disabled', 'deleted')),
  key subscriptions_nid_id_index (`nid`, `id`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Lines of deliveries that wait: one for each subscription and account, of which one server at a time delivers. due_at is when the first in it may be taken.
create table if not exists subscription_queues (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `subscription_id` varchar(64) character set ascii collate ascii_bin not null,
  `due_at` bigint not null,
  `lease_id` char(36) character set ascii collate ascii_bin null,
  `failures` int not null default 0,
  primary key (id, nid),
  key subscription_queues_nid_subscription_id_due_at_id_index (`nid`, `subscription_id`, `due_at`, `id`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Events on their way to subscribers. since is from when the time until one is given up counts.
create table if not exists subscription_deliveries (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `subscription_id` varchar(64) character set ascii collate ascii_bin not null,
  `queue_id` char(36) character set ascii collate ascii_bin not null,
  `event_id` char(36) character set ascii collate ascii_bin not null,
  `sequence` bigint not null,
  `type` varchar(64) character set ascii collate ascii_bin not null,
  `subject_id` char(36) character set ascii collate ascii_bin null,
  `state` varchar(16) character set ascii collate ascii_bin not null,
  `attempts` longtext not null check (json_valid(`attempts`)),
  `since` bigint not null,
  `settled_at` bigint null,
  primary key (id, nid),
  constraint subscription_deliveries_state_check check (`state` in ('pending', 'delivered', 'dead')),
  key subscription_deliveries_nid_subscription_id_state_id_index (`nid`, `subscription_id`, `state`, `id`),
  key subscription_deliveries_nid_queue_settled_sequence_id_index (`nid`, `queue_id`, `settled_at`, `sequence`, `id`),
  key subscription_deliveries_settled_at_id_index (`settled_at`, `id`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Applications that may ask for tokens of OAuth 2.0. secret is sealed, and null for those without.
create table if not exists oauth2_clients (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `client_id` varchar(255) not null,
  `metadata` longtext not null check (json_valid(`metadata`)),
  `secret` longtext null,
  primary key (id, nid),
  key oauth2_clients_nid_id_index (`nid`, `id`),
  unique key oauth2_clients_nid_client_id_unique (`nid`, `client_id`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

-- Codes, tokens, grants, sessions and requests of OAuth 2.0. Found by SHA-256 of what they are called by; payload, which repeats that, is sealed. consumed_at is set by who redeems it.
create table if not exists oauth2_objects (
  id char(36) character set ascii collate ascii_bin not null,
  nid char(36) character set ascii collate ascii_bin not null,
  `created_at` bigint not null,
  `updated_at` bigint not null,
  `model` varchar(40) character set ascii collate ascii_bin not null,
  `key_hash` varchar(64) character set ascii collate ascii_bin not null,
  `alias_hash` varchar(64) character set ascii collate ascii_bin null,
  `grant_hash` varchar(64) character set ascii collate ascii_bin null,
  `client_id` varchar(255) null,
  `identity_id` char(36) character set ascii collate ascii_bin null,
  `payload` longtext not null,
  `consumed_at` bigint null,
  `expires_at` bigint not null,
  primary key (id, nid),
  constraint oauth2_objects_identity_id_foreign foreign key (identity_id, nid) references identities (id, nid) on delete cascade,
  key oauth2_objects_nid_grant_hash_index (`nid`, `grant_hash`),
  key oauth2_objects_nid_client_id_index (`nid`, `client_id`),
  key oauth2_objects_identity_id_nid_model_client_index (`identity_id`, `nid`, `model`, `client_id`),
  key oauth2_objects_expires_at_index (`expires_at`),
  unique key oauth2_objects_nid_key_hash_unique (`nid`, `key_hash`),
  unique key oauth2_objects_nid_alias_hash_unique (`nid`, `alias_hash`)
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;
