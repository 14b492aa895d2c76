package io.cotidal.model;

import java.util.List;

/** What a source of members answered. Unavailable is not empty. */
public sealed interface SourceAnswer {
  /** These are the members, all of them. */
  record Members(List<MemberId> members) implements SourceAnswer {
    /** Copies the list. */
    public Members {
      members = List.copyOf(members);
    }
  }

  /** The source could not answer; what it said last stays in force. */
  record Unavailable(String reason) implements SourceAnswer {}
}
