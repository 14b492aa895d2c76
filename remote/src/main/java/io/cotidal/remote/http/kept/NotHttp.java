package io.cotidal.remote.http.kept;

import io.cotidal.remote.http.Words;
import java.io.IOException;

/** What came is not what HTTP lets come. */
final class NotHttp extends IOException {
  private static final long serialVersionUID = 1L;

  NotHttp(String reason) {
    super("the answer is no HTTP that we take (" + Words.line(reason) + "): correct the address");
  }
}
