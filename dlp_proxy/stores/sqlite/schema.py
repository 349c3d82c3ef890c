"""The tables of ``events.db``, and the version of their shape. What each is for: docs/architecture.md, "The store"."""

from __future__ import annotations

from typing import Final

VERSION: Final = 4
"""Kept in ``PRAGMA user_version``; a file with a higher one is refused."""

_WINDOWS: Final = """
CREATE TABLE series (
  number INTEGER PRIMARY KEY,
  name   TEXT NOT NULL,
  key    TEXT NOT NULL,
  newest REAL NOT NULL,
  UNIQUE (name, key)
) STRICT;
CREATE TABLE sighting (
  series   INTEGER NOT NULL REFERENCES series (number),
  identity BLOB NOT NULL,
  seen     REAL NOT NULL,
  PRIMARY KEY (series, identity)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_by_age ON sighting (series, seen);
CREATE TABLE clock (boot TEXT NOT NULL, since_boot REAL NOT NULL, time REAL NOT NULL) STRICT;
"""

_RINGS: Final = """
CREATE TABLE sent (
  series   INTEGER NOT NULL REFERENCES series (number),
  identity BLOB NOT NULL,
  person   TEXT NOT NULL,
  seen     REAL NOT NULL,
  PRIMARY KEY (series, identity, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_by_person ON sent (series, person, seen);
"""

_PASSES: Final = """
CREATE TABLE pass (
  user  TEXT NOT NULL,
  site  TEXT NOT NULL,
  about TEXT NOT NULL,
  until REAL NOT NULL,
  token TEXT NOT NULL,
  PRIMARY KEY (user, site, about)
) STRICT, WITHOUT ROWID;
"""

_EVENTS: Final = """
CREATE TABLE event (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  uid      TEXT NOT NULL UNIQUE,
  time     INTEGER NOT NULL,
  light    INTEGER NOT NULL,
  user     TEXT NOT NULL,
  device   TEXT NOT NULL,
  site     TEXT NOT NULL,
  action   TEXT NOT NULL,
  would    TEXT NOT NULL,
  rule     TEXT NOT NULL,
  records  INTEGER NOT NULL,
  bytes    INTEGER NOT NULL,
  coverage TEXT NOT NULL,
  incident TEXT NOT NULL
) STRICT;
CREATE TABLE record (
  event INTEGER PRIMARY KEY REFERENCES event (sequence),
  json  BLOB NOT NULL,
  salt  BLOB NOT NULL
) STRICT;
CREATE INDEX event_by_incident ON event (incident, sequence) WHERE incident <> '';
CREATE INDEX event_by_user ON event (user, time);
CREATE INDEX event_by_site ON event (site, time);
CREATE TABLE token (
  number INTEGER PRIMARY KEY,
  value  BLOB NOT NULL UNIQUE,
  kind   TEXT NOT NULL,
  key    TEXT NOT NULL
) STRICT;
CREATE TABLE posting (
  event  INTEGER NOT NULL REFERENCES event (sequence),
  token  INTEGER NOT NULL REFERENCES token (number),
  record INTEGER NOT NULL,
  role   INTEGER NOT NULL,
  PRIMARY KEY (event, token, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX posting_by_token ON posting (token, event);
CREATE TABLE outcome (
  uid         TEXT PRIMARY KEY,
  time        INTEGER NOT NULL,
  disposition TEXT NOT NULL,
  released    INTEGER NOT NULL,
  status      INTEGER NOT NULL,
  fate        TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE hold (
  event INTEGER NOT NULL REFERENCES event (sequence),
  why   TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (event, why)
) STRICT, WITHOUT ROWID;
"""

_LOG: Final = """
CREATE TABLE log (
  number INTEGER PRIMARY KEY,
  entry  BLOB NOT NULL,
  hash   BLOB NOT NULL
) STRICT;
CREATE TABLE checkpoint (
  size     INTEGER PRIMARY KEY,
  note     TEXT NOT NULL,
  frontier BLOB NOT NULL
) STRICT;
CREATE TABLE anchor (
  number  INTEGER PRIMARY KEY,
  size    INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE TABLE node (name TEXT NOT NULL) STRICT;
"""

_INCIDENTS: Final = """
CREATE TABLE incident (
  id     TEXT PRIMARY KEY,
  user   TEXT NOT NULL,
  rule   TEXT NOT NULL,
  opened REAL NOT NULL,
  last   REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_by_user ON incident (user, rule, last);
"""

WINDOWS: Final = f"{_WINDOWS}{_RINGS}"
"""The tables of the windows alone: replay counts in a file of its own."""

SCHEMA: Final = f"{_EVENTS}{_LOG}{_INCIDENTS}{_WINDOWS}{_PASSES}{_RINGS}CREATE TABLE probe (at REAL NOT NULL) STRICT;\n"

_CASES: Final = """
CREATE TABLE IF NOT EXISTS case_op (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at     INTEGER NOT NULL,
  actor  TEXT NOT NULL,
  target TEXT NOT NULL,
  verb   TEXT NOT NULL,
  value  TEXT NOT NULL,
  reason TEXT NOT NULL,
  salt   BLOB NOT NULL
) STRICT;
"""

_GROUPED: Final = """
CREATE TABLE IF NOT EXISTS grouped (
  asked TEXT PRIMARY KEY,
  entry INTEGER NOT NULL,
  json  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
"""

_ASKED: Final = """
CREATE INDEX IF NOT EXISTS event_by_time ON event (time);
CREATE INDEX IF NOT EXISTS event_not_whole ON event (sequence) WHERE coverage IN ('partial', 'none');
CREATE INDEX IF NOT EXISTS token_of_account ON token (number) WHERE kind = 'account';
"""
"""Investigators ask for a time, what was not read whole, and which accounts there are, of millions."""

LIFE: Final = "log_of_life"
"""Index of what proxies say of themselves: that they began, live, follow another policy, ended."""
_TIME_OF_ENTRY: Final = "CAST(substr(entry, 7, 13) AS INTEGER)"  # canonical JSON has `at` first
_OF_WORKER: Final = """instr(entry, '"worker":')"""
SIGNS_OF_LIFE: Final = f"SELECT number, {_TIME_OF_ENTRY} FROM log WHERE {_OF_WORKER}"  # noqa: S608 - constants
"""Number and time of these, from the index alone: word for word what that is made of."""
SIGNS: Final = (
    f"SELECT number, {_TIME_OF_ENTRY} FROM log"  # noqa: S608 - constants
    """ WHERE instr(entry, '"by":"proxy"') AND NOT instr(entry, '"do":"checkpoint"')"""
)
"""Number and time of whatever a proxy wrote. Who only reads may sign the log too."""
_LIVED: Final = f"CREATE INDEX IF NOT EXISTS {LIFE} ON log (number, {_TIME_OF_ENTRY}) WHERE {_OF_WORKER};\n"

ADDITIONS: Final[tuple[str, ...]] = (_CASES, _GROUPED, _ASKED, _LIVED)
"""Tables that rooms above add. Each is made where it is missing (``CREATE TABLE IF NOT EXISTS``), so one more needs no
new version: whoever adds one adds a constant above and its name here."""

UPGRADES: Final = {
    1: f"""  -- shape 1 kept the names of series beside each sighting
ALTER TABLE sighting RENAME TO earlier;
DROP INDEX sighting_by_time;
{_WINDOWS}
INSERT INTO series (name, key, newest) SELECT series, key, max(seen) FROM earlier GROUP BY series, key;
INSERT INTO sighting (series, identity, seen)
  SELECT number, identity, seen FROM earlier e JOIN series s ON s.name = e.series AND s.key = e.key;
DROP TABLE earlier;
""",  # noqa: S608 - a constant
    2: _PASSES,  # shape 2 kept no answers of people who were asked
    3: f"""  -- shape 3 kept events as they came, without a log, nor who sent whom; `adopt` writes them anew
ALTER TABLE event RENAME TO earlier_event;
ALTER TABLE outcome RENAME TO earlier_outcome;
ALTER TABLE identity RENAME TO earlier_identity;
DROP INDEX event_by_incident;
DROP INDEX identity_by_fingerprint;
{_EVENTS}{_LOG}{_RINGS}""",
}
"""What brings a file of an earlier shape to the next one."""
