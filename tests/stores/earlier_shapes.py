"""Tables of ``events.db`` as earlier versions made them, so that files of theirs can be read."""

from __future__ import annotations

from typing import Final

SHAPE_3: Final = """
CREATE TABLE event (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  uid      TEXT NOT NULL UNIQUE,
  time     REAL NOT NULL,
  user     TEXT NOT NULL,
  site     TEXT NOT NULL,
  action   TEXT NOT NULL,
  would    TEXT NOT NULL,
  rule     TEXT NOT NULL,
  records  INTEGER NOT NULL,
  incident TEXT NOT NULL,
  body     TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_incident ON event (incident, sequence) WHERE incident <> '';
CREATE TABLE identity (
  sequence    INTEGER NOT NULL REFERENCES event (sequence),
  kind        TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  counted     INTEGER NOT NULL,
  PRIMARY KEY (sequence, kind, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_by_fingerprint ON identity (fingerprint);
CREATE TABLE outcome (
  uid         TEXT PRIMARY KEY,
  time        REAL NOT NULL,
  disposition TEXT NOT NULL,
  released    INTEGER NOT NULL,
  status      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE incident (
  id     TEXT PRIMARY KEY,
  user   TEXT NOT NULL,
  rule   TEXT NOT NULL,
  opened REAL NOT NULL,
  last   REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_by_user ON incident (user, rule, last);

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

CREATE TABLE pass (
  user  TEXT NOT NULL,
  site  TEXT NOT NULL,
  about TEXT NOT NULL,
  until REAL NOT NULL,
  token TEXT NOT NULL,
  PRIMARY KEY (user, site, about)
) STRICT, WITHOUT ROWID;
CREATE TABLE probe (at REAL NOT NULL) STRICT;
PRAGMA user_version=3;
"""

_SIGHTINGS_OF_1: Final = """
DROP TABLE pass;
DROP TABLE sighting;
DROP TABLE series;
DROP TABLE clock;
CREATE TABLE sighting (
  series TEXT NOT NULL, key TEXT NOT NULL, identity BLOB NOT NULL, seen REAL NOT NULL,
  PRIMARY KEY (series, key, identity)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_by_time ON sighting (seen);
PRAGMA user_version=1;
"""

SHAPE_2: Final = f"{SHAPE_3}DROP TABLE pass;\nPRAGMA user_version=2;\n"
SHAPE_1: Final = f"{SHAPE_3}{_SIGHTINGS_OF_1}"
