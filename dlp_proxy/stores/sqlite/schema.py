"""The tables of ``events.db``, and the version of their shape."""

from __future__ import annotations

from typing import Final

VERSION: Final = 1
"""Kept in ``PRAGMA user_version``; a file with a higher one is refused."""

SCHEMA: Final = """
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
CREATE TABLE sighting (
  series   TEXT NOT NULL,
  key      TEXT NOT NULL,
  identity BLOB NOT NULL,
  seen     REAL NOT NULL,
  PRIMARY KEY (series, key, identity)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_by_time ON sighting (seen);
CREATE TABLE probe (at REAL NOT NULL) STRICT;
"""
