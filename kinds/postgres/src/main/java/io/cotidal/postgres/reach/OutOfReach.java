package io.cotidal.postgres.reach;

import io.cotidal.model.MemberId;
import java.io.IOException;

/** A member is reached by SQL alone, and what was asked needs its machine. Nothing was done. */
public final class OutOfReach extends IOException {
  private static final long serialVersionUID = 1;

  OutOfReach(MemberId member) {
    super(member + " is reached by SQL alone: its files and processes are out of reach");
  }
}
