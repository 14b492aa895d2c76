package io.cotidal.directory.compat;

import io.cotidal.directory.spec.DirectorySpec;

/**
 * What the original's environment comes to.
 *
 * @param rancher where the members are found
 * @param port of every server; 0 for the usual one
 * @param turns whether this instance waits for its turn behind others of the same store
 * @param spec the directory, without members
 */
public record AutorepSettings(Rancher rancher, int port, boolean turns, DirectorySpec spec) {
  /**
   * The service whose containers are the members.
   *
   * @param version of the metadata
   * @param stack empty if only the service is named
   */
  public record Rancher(String version, String stack, String service, Reference reference) {}

  /** What of a container is a server's address. */
  public enum Reference {
    /** Its address in the network of containers. */
    CONTAINERIP,
    /** Its name. */
    CONTAINERNAME
  }
}
