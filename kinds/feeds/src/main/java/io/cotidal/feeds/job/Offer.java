package io.cotidal.feeds.job;

/**
 * A delta as a job names it.
 *
 * @param file where replicas fetch it: {@code user@host:/path}
 * @param md5 of the file
 * @param from MD5 of the dump from whose content it leads
 * @param to MD5 of the dump to whose content it leads
 */
public record Offer(String file, String md5, String from, String to) {
  /** In JSON, on one line. */
  public String json() {
    return "{\"file\": \"%s\", \"md5\": \"%s\", \"from\": \"%s\", \"to\": \"%s\"}"
        .formatted(file, md5, from, to);
  }
}
