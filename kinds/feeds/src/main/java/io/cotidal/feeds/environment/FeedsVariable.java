package io.cotidal.feeds.environment;

/**
 * Every environment variable of the original, those of its later versions too, and ours for what it
 * lacks: these begin with {@code COT_FEED_}.
 */
public enum FeedsVariable {
  SLAVE_NAME(
      "what this replica calls itself at the master", "the machine's name", "`status.replica`"),
  SYNC_SERVER(
      "another replica, as user@host, from which files come",
      "the master",
      "`transfer.relay.host`"),
  SYNC_PATH(
      "where the files lie there", "/opt/dpaw-borg-state/code/dumps", "`transfer.relay.folder`"),
  CODE_BRANCH(
      "the branch from which the original updated itself",
      "nothing",
      "nothing: never a self-update; install a new version instead",
      Kind.LIFTED),
  BORG_SSH(
      "how SSH is called",
      "ssh -i /etc/id_rsa_borg -o ConnectTimeout=3600",
      "`transfer.identity`, `port`, `connect`, `known-hosts`"),
  BORGCOLLECTOR_SSH(
      "the same, for files only", "BORG_SSH", "the same; must say what BORG_SSH says"),
  BORG_STATE_SSH(
      "the same, for the repository only", "BORG_SSH", "the same; must say what BORG_SSH says"),
  LISTEN_CHANNELS("channels that are taken, with commas", "geoserver", "`channels`"),
  GEOSERVER_URL("GeoServers, with commas", "http://localhost:8080/geoserver", "`geoserver[].url`"),
  GEOSERVER_DATA_DIR(
      "their data folders; one for all, or one each, with commas",
      "/opt/geoserver/data_dir",
      "`geoserver[].data`"),
  GEOSERVER_USERNAME(
      "as whom they are told; one for all, or one each, with commas",
      "admin",
      "`geoserver[].user`"),
  GEOSERVER_PASSWORD(
      "that account's password; one for all, or one each, with commas",
      "an error unless SKIP_GS is set",
      "`geoserver[].password`",
      Kind.SECRET),
  GEOSERVER_WORKSPACE_NAMESPACE(
      "URI of a workspace's namespace; {} stands for the workspace",
      "http://{}.dpaw.wa.gov.au",
      "`geoserver[].namespace`"),
  GEOSERVER_DATASTORE_NAMESPACE(
      "what a workspace's store is called; {} stands for the workspace",
      "{}_ds",
      "nothing, for {}_ds is the only name that is used; another one is an error"),
  GEOSERVER_DEFAULT_CRS(
      "the reference system of data that have none",
      "EPSG:4326",
      "nothing: what the master or the data say is taken; another one is an error"),
  GEOSERVER_SHARING_DATA_DIR(
      "whether several GeoServers share one data folder",
      "false",
      "nothing; an error if it is true for several, for each of them is told on its own"),
  GEOSERVER_CLUSTERING("the same, as earlier versions said it", "false", "the same"),
  GEOSERVER_PGSQL_HOST("the database server", "localhost", "`database.host`"),
  GEOSERVER_PGSQL_PORT("its port", "5432", "`database.port`"),
  GEOSERVER_PGSQL_DATABASE("the database", "borg_slave", "`database.name`"),
  GEOSERVER_PGSQL_SCHEMA("GeoServer's own schema in it", "publish", "`database.schema`"),
  GEOSERVER_PGSQL_USERNAME("as whom tables are published", "test", "`database.user`"),
  GEOSERVER_PGSQL_PASSWORD(
      "that role's password", "an error unless SKIP_DB is set", "`database.password`", Kind.SECRET),
  MASTER_PGSQL_HOST(
      "the master's database server; nobody is told if host, database and user are not set",
      "nobody is told",
      "`status.host`"),
  MASTER_PGSQL_PORT("its port", "5432", "`status.port`"),
  MASTER_PGSQL_DATABASE(
      "the master's database", "an error if MASTER_PGSQL_HOST is set", "`status.database`"),
  MASTER_PGSQL_SCHEMA("the schema of its tables", "public", "`status.schema`"),
  MASTER_PGSQL_USERNAME(
      "as whom the master is told", "an error if MASTER_PGSQL_HOST is set", "`status.user`"),
  MASTER_PGSQL_PASSWORD(
      "that role's password",
      "an error if MASTER_PGSQL_HOST is set",
      "`status.password`",
      Kind.SECRET),
  MASTER_PATH_PREFIX("what is put before every path at the master", "nothing", "`transfer.prefix`"),
  SKIP_AUTH("whether roles are left alone", "false", "`skip.roles`"),
  SKIP_RULES("whether rules of access are left alone", "false", "`skip.rules`"),
  SKIP_DB("whether the database is left alone", "false", "`skip.database`"),
  SKIP_GS("whether GeoServers are left alone", "false", "`skip.geoserver`"),
  FEATURE_FILTER(
      "which layers, live stores and workspaces are taken, as a lambda",
      "all; with SYNC_SERVER lambda job:job.get('allow_authenticated',False)",
      "`filters.features`"),
  WMS_FILTER(
      "which cascaded stores and layers are taken, as a lambda",
      "all; with SYNC_SERVER none",
      "`filters.wms`"),
  LAYERGROUP_FILTER(
      "which layer groups are taken, as a lambda",
      "all; with SYNC_SERVER none",
      "`filters.groups`"),
  POLL_INTERVAL("seconds between two pulls of the repository", "60", "`poll`"),
  STATE_REPOSITORY_ROOT(
      "the replica's clone of the state repository",
      "/opt/dpaw-borg-state",
      "`repository.hg`, or `repository.git`"),
  BORG_STATE_REPOSITORY("the same, as earlier versions said it", "the other", "the same"),
  BORG_STATE_HOME("the same, as still earlier versions said it", "the other", "the same"),
  CACHE_PATH(
      "folder of what was fetched", "code/dumps in the repository's folder", "`transfer.cache`"),
  SYNC_STATUS_PATH(
      "folder of status files",
      "nothing",
      "nothing: what was done is in Cotidal's own store",
      Kind.LIFTED),
  SHARE_LAYER_DATA("whether other replicas may fetch from this one", "false", "`transfer.serve`"),
  SHARE_PREVIEW_DATA(
      "whether other replicas may fetch previews",
      "nothing",
      "nothing: each replica draws its own",
      Kind.LIFTED),
  INCLUDE(
      "the only job files that are looked at, for tests",
      "nothing",
      "nothing: filters say what is taken",
      Kind.LIFTED),
  DEBUG("whether more is logged", "nothing", "nothing: the daemon's log has levels", Kind.LIFTED),
  ROLLBACK(
      "whether a debugging run is undone",
      "nothing",
      "nothing: mode observe changes nothing in the first place",
      Kind.LIFTED),
  FASTLY_PURGE_URL(
      "where a CDN is told to forget", "nothing", "nothing: no CDN is told", Kind.LIFTED),
  FASTLY_SERVICEID("which of the CDN's services", "nothing", "nothing", Kind.LIFTED),
  FASTLY_API_TOKEN("the CDN's token", "nothing", "nothing", Kind.LIFTED_SECRET),
  FASTLY_SOFT_PURGE("whether the CDN only ages things", "nothing", "nothing", Kind.LIFTED),
  FASTLY_SURROGATE_KEY("what the CDN forgets", "nothing", "nothing", Kind.LIFTED),
  COT_FEED_MODE("what may be done: observe, propose or manage", "manage", "`mode`"),
  COT_FEED_TOOL("the repository's tool: hg or git", "hg", "`repository.hg`, or `repository.git`"),
  COT_FEED_REPOSITORY_URL(
      "where it is pulled from", "what the clone itself says", "`repository.url`"),
  COT_FEED_BRANCH("which of its branches", "the tool's usual one", "`repository.branch`"),
  COT_FEED_SIGNERS(
      "file of allowed signers of commits", "commits need no signature", "`repository.signers`"),
  COT_FEED_KNOWN_HOSTS(
      "file with the pinned keys of hosts",
      "UserKnownHostsFile of BORG_SSH, else /etc/ssh/ssh_known_hosts",
      "`transfer.known-hosts`"),
  COT_FEED_CACHE_BUDGET(
      "how much of what nobody needs is kept, for example 10GiB", "10GiB", "`transfer.budget`"),
  COT_FEED_GEOSERVER_PGSQL_HOST(
      "the database server as GeoServer reaches it",
      "GEOSERVER_PGSQL_HOST",
      "`geoserver[].database-host`"),
  COT_FEED_PG_BIN("folder of pg_restore", "it is looked for", "`database.bin`"),
  COT_FEED_KEEP("earlier generations of a table that are kept", "1", "`database.keep`"),
  COT_FEED_KEEP_BUDGET("how much they may take together", "10GiB", "`database.budget`"),
  COT_FEED_LOCK_WAIT("milliseconds that a swap waits for readers", "500", "`database.lock-wait`"),
  COT_FEED_DEADLINE("seconds that one look may take", "30", "`deadline`"),
  COT_FEED_LONGEST_PAUSE(
      "seconds between two tries of a job that fails, at most", "3600", "`longest-pause`"),
  COT_FEED_TOGETHER(
      "whether a table is swapped in only while every GeoServer answers", "true", "`together`"),
  COT_FEED_REPAIR("whether drift is repaired", "true", "`repair`");

  private enum Kind {
    PLAIN,
    SECRET,
    LIFTED,
    LIFTED_SECRET
  }

  private final String meaning;
  private final String unset;
  private final String becomes;
  private final Kind kind;

  FeedsVariable(String meaning, String unset, String becomes) {
    this(meaning, unset, becomes, Kind.PLAIN);
  }

  FeedsVariable(String meaning, String unset, String becomes, Kind kind) {
    this.meaning = meaning;
    this.unset = unset;
    this.becomes = becomes;
    this.kind = kind;
  }

  /** What it means. */
  public String meaning() {
    return meaning;
  }

  /** What holds if it is not set. */
  public String unset() {
    return unset;
  }

  /** What it becomes here; of one without an effect, why. */
  public String becomes() {
    return becomes;
  }

  /** Whether its value may be shown. */
  public boolean shown() {
    return kind == Kind.PLAIN || kind == Kind.LIFTED;
  }

  /** Whether it is accepted and has no effect. */
  public boolean lifted() {
    return kind == Kind.LIFTED || kind == Kind.LIFTED_SECRET;
  }

  /** Whether it is this kind's own, and not one that other programs have too. */
  boolean own() {
    return name().startsWith("BORG")
        || name().startsWith("COT_FEED_")
        || name().startsWith("GEOSERVER_PGSQL_")
        || name().startsWith("MASTER_PGSQL_")
        || this == LISTEN_CHANNELS
        || this == SLAVE_NAME;
  }
}
