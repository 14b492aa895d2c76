package io.cotidal.objects.state;

/** What one look at a container at one site gave. */
public sealed interface Look {
  /**
   * It is there.
   *
   * @param written when it was last put or posted there, in that site's words ({@code
   *     Last-Modified}); empty if it does not say. Only ever compared with itself
   * @param objects as HEAD says
   * @param bytes as HEAD says, old versions included
   */
  record Seen(ContainerState state, String written, long objects, long bytes) implements Look {
    /** Whether HEAD knows nothing in it. */
    boolean empty() {
      return objects == 0 && bytes == 0;
    }
  }

  /**
   * It is not there: an answer 404 to a HEAD with {@code X-Newest}, of an account that is there.
   */
  record Absent() implements Look {}

  /**
   * Nobody knows.
   *
   * @param reason in one line
   */
  record Unknown(String reason) implements Look {}
}
