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
  /** What a site calls the version that was there before it kept versions. */
  public static final String UNNAMED = "null";

  /** A line of a listing without versions. */
  public static ObjectRow plain(String name, Timestamp written, String hash, long bytes) {
    return new ObjectRow(name, written, hash, bytes, "", true, false);
  }

  /**
   * The row under the name that a version has everywhere. What was there before versions were kept
   * is called by its time, as a site will that gets it as a version. What stands for a deletion was
   * made when the site made it; its name has when the deletion was.
   *
   * @throws IllegalArgumentException if it is a delete marker and its version is no time
   */
  public ObjectRow named() {
    boolean unnamed = version.equals(UNNAMED);
    if (!unnamed && !marker) {
      return this;
    }
    return at(unnamed ? written : Timestamp.parse(version), unnamed ? written.toString() : version);
  }

  /**
   * The row as every site would show it that holds the same: named, and an older version with the
   * time that its name has. A site that set it aside says when it did so, one that was given it
   * when it was written.
   *
   * @throws IllegalArgumentException if it is such a version, and its name is no time
   */
  public ObjectRow anywhere() {
    ObjectRow named = named();
    boolean older = !named.version.isEmpty() && !latest;
    return older ? named.at(Timestamp.parse(named.version), named.version) : named;
  }

  private ObjectRow at(Timestamp time, String id) {
    return new ObjectRow(name, time, hash, bytes, id, latest, marker);
  }
}
