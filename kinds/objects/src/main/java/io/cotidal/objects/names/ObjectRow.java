package io.cotidal.objects.names;

/**
 * One line of a container's listing.
 *
 * @param name of the object; any text that is no longer than 1,024 bytes
 * @param written when; changes with its metadata, too
 * @param hash its MD5, or what stands for it in a large object
 * @param bytes its length; of a large object, that of the whole
 * @param version which version it is; empty in a listing without versions
 * @param latest whether it is the current version; true in a listing without versions
 * @param marker whether it is a delete marker, the version that stands for "deleted"
 */
public record ObjectRow(
    String name,
    Timestamp written,
    String hash,
    long bytes,
    String version,
    boolean latest,
    boolean marker) {
  /** A line of a listing without versions. */
  public static ObjectRow plain(String name, Timestamp written, String hash, long bytes) {
    return new ObjectRow(name, written, hash, bytes, "", true, false);
  }
}
