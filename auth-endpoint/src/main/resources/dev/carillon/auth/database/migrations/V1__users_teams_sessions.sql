-- Documented in docs/AUTH-ENDPOINT.md. Runs on H2 and PostgreSQL as it is. Ids are texts that the
-- application chooses; times are milliseconds since 1970, UTC.

CREATE TABLE users (
  id VARCHAR(128) PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  email VARCHAR(255) NOT NULL UNIQUE CHECK (email = LOWER(email)),
  -- $argon2id$v=19$m=…,t=…,p=…$salt$hash; none for who signs in by the identity provider only
  password VARCHAR(255),
  -- none for initials
  avatar VARCHAR(1024)
);

CREATE TABLE teams (
  id VARCHAR(128) PRIMARY KEY,
  name VARCHAR(255) NOT NULL
);

CREATE TABLE team_members (
  team_id VARCHAR(128) NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  user_id VARCHAR(128) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (team_id, user_id)
);

CREATE INDEX team_members_of_user ON team_members (user_id);

-- Sessions are signed cookies; only those that were signed out are kept, until they would expire.
CREATE TABLE ended_sessions (
  id VARCHAR(64) PRIMARY KEY,
  expires_at BIGINT NOT NULL
);

CREATE INDEX ended_sessions_by_expiry ON ended_sessions (expires_at);

-- of the last minute; who is a hash of e-mail and address
CREATE TABLE failed_logins (
  id VARCHAR(64) PRIMARY KEY,
  who VARCHAR(64) NOT NULL,
  failed_at BIGINT NOT NULL
);

CREATE INDEX failed_logins_of_whom ON failed_logins (who, failed_at);
CREATE INDEX failed_logins_by_time ON failed_logins (failed_at);
