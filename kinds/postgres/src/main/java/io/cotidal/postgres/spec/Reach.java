package io.cotidal.postgres.spec;

import io.cotidal.remote.ssh.SshAccess;

/** How Cotidal reaches a member beside its server's own protocol. */
public sealed interface Reach {
  /** As processes and files of the machine that Cotidal runs on. */
  record Local() implements Reach {}

  /** Over SSH, by the gate that is installed there. */
  record Ssh(SshAccess access) implements Reach {}

  /** Not at all: by SQL alone. There is no gate, no file and no process within reach. */
  record Sql() implements Reach {}
}
