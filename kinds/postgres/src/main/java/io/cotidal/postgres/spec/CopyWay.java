package io.cotidal.postgres.spec;

/** By which way a member's data is copied, if no plug-in does it. */
public enum CopyWay {
  /** Files on one machine, {@code pg_basebackup} between two. */
  AUTO,

  /** By rsync, which sends only what is not there already. */
  RSYNC
}
