package io.cotidal.feeds.transfer;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.transfer.TransferException.Kind;

/**
 * Where a blob is asked for.
 *
 * @param key under which it is kept here
 * @param host {@code user@host}, the master or a relay
 * @param path absolute, there
 * @param hint what is added if it is missing there
 */
record Source(Blob blob, String key, String host, String path, String hint) {
  /** The problem, with the hint if the file is missing. */
  TransferException hinted(TransferException problem) {
    return problem.kind() == Kind.MISSING && !hint.isEmpty()
        ? new TransferException(Kind.MISSING, problem.getMessage() + hint)
        : problem;
  }

  /**
   * Whether what came is what the job says.
   *
   * @throws TransferException as {@link Kind#CORRUPT} if not
   */
  void verify(Digests digests) throws TransferException {
    if (blob.pinned() && !blob.md5().equals(digests.md5())) {
      throw new TransferException(
          Kind.CORRUPT,
          "%s: its MD5 is %s (%d bytes), but the job says %s; thrown away, publish it again"
              .formatted(this, digests.md5(), digests.size(), blob.md5()));
    }
  }

  @Override
  public String toString() {
    String place = Names.printable(host + ":" + path);
    return hint.isEmpty() ? place : place + " (" + Names.printable(blob.toString()) + ")";
  }
}
