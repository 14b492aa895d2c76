package io.cotidal.directory.compat;

/** Every environment variable of the original. The table in docs/autorep.md is this one. */
public enum AutorepVariable {
  AUTOREP_UPDATE_PERIOD(
      "seconds between two looks at source and servers", "an error", "`directory.NAME.tick`"),
  AUTOREP_SOURCE_DRIVER_MODULE("where members come from", "an error", "`directory.NAME.source`"),
  AUTOREP_TARGET_DRIVER_MODULE(
      "what kind of servers they are", "an error", "`directory.NAME.target`"),
  AUTOREP_REPLICATION_GRAPH_DRIVER_MODULE(
      "who replicates to whom", "an error", "`directory.NAME.topology`"),
  AUTOREP_CLUSTERING_DRIVER_MODULE(
      "whether several instances take turns",
      "an error",
      "standalone: alone on its store; election: waits until it leads"),
  RANCHER_METADATA_APIVERSION(
      "the version of Rancher's metadata", "an error", "`directory.NAME.source.rancher.version`"),
  RANCHER_AUTOREP_TARGET_SERVICE_NAME(
      "the service whose containers are the members, as stack/service or service",
      "an error",
      "`directory.NAME.source.rancher.service`"),
  RANCHER_REFERENCE_CONAINTER_MODE(
      "what of a container is its address: containerip or containername",
      "an error",
      "`directory.NAME.source.rancher.reference`"),
  RANCHER_REFERENCE_CONTAINER_MODE(
      "the same, spelt correctly; goes before the other", "the other", "the same"),
  LDAP_PORT(
      "the port of every server",
      "636 with LDAPS, else 389",
      "`directory.NAME.access.port`, for the servers among themselves too"),
  LDAP_USE_LDAPS("whether TLS is spoken from the first byte", "false", "`security: ldaps`"),
  LDAP_USE_STARTTLS(
      "whether TLS begins with StartTLS", "false", "`security: starttls`; if neither, `plain`"),
  LDAP_CA_CERTIFICATE(
      "whose certificates are trusted: PEM text, or the file that holds it",
      "those that the Java runtime trusts",
      "`directory.NAME.access.ca`"),
  LDAP_BIND_DN("as whom Cotidal logs in", "anonymously", "`directory.NAME.access.bind-dn`"),
  LDAP_BIND_PASSWORD(
      "that account's password",
      "an error if LDAP_BIND_DN is set",
      "`directory.NAME.access.password`"),
  LDAP_REPLICATED_BASE_DN("what is replicated", "an error", "`directory.NAME.suffix`"),
  LDAP_REPLICATION_DN(
      "as whom the servers log in to one another",
      "an error",
      "`directory.NAME.replication.bind-dn`"),
  LDAP_REPLICATION_PASSWORD(
      "that account's password", "an error", "`directory.NAME.replication.password`");

  private final String meaning;
  private final String unset;
  private final String becomes;

  AutorepVariable(String meaning, String unset, String becomes) {
    this.meaning = meaning;
    this.unset = unset;
    this.becomes = becomes;
  }

  /** What it means. */
  public String meaning() {
    return meaning;
  }

  /** What holds if it is not set. */
  public String unset() {
    return unset;
  }

  /** What it becomes here. */
  public String becomes() {
    return becomes;
  }

  /** Whether its value may be shown. */
  public boolean shown() {
    return this != LDAP_BIND_PASSWORD && this != LDAP_REPLICATION_PASSWORD;
  }

  /** Whether it is the original's own, and not one that other programs have too. */
  boolean own() {
    return name().startsWith("AUTOREP_") || this == RANCHER_AUTOREP_TARGET_SERVICE_NAME;
  }
}
