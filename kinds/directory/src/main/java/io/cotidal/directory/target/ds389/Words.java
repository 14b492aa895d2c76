package io.cotidal.directory.target.ds389;

/** The server's words: entries and attributes of its configuration. */
final class Words {
  private Words() {}

  static final String CONFIG = "cn=config";
  static final String TASKS = "cn=cleanallruv,cn=tasks,cn=config";

  static final String CLASS = "objectClass";
  static final String NAME = "cn";
  static final String DESCRIPTION = "description";
  static final String PASSWORD = "userPassword";

  static final String MAPPING_TREE = "nsMappingTree";
  static final String BACKEND = "nsslapd-backend";
  static final String VERSION = "nsslapd-versionstring";
  static final String GENERATOR_STATE = "nsState";

  static final String REPLICA = "nsDS5Replica";
  static final String ROOT = "nsDS5ReplicaRoot";
  static final String TYPE = "nsDS5ReplicaType";
  static final String FLAGS = "nsDS5Flags";
  static final String ID = "nsDS5ReplicaId";
  static final String BIND_DN = "nsDS5ReplicaBindDN";
  static final String BACKOFF_MIN = "nsds5ReplicaBackoffMin";
  static final String BACKOFF_MAX = "nsds5ReplicaBackoffMax";
  static final String CLEANING = "nsds5ReplicaCleanRUV";

  static final String AGREEMENT = "nsds5ReplicationAgreement";
  static final String HOST = "nsDS5ReplicaHost";
  static final String PORT = "nsDS5ReplicaPort";
  static final String TRANSPORT = "nsDS5ReplicaTransportInfo";
  static final String METHOD = "nsDS5ReplicaBindMethod";
  static final String CREDENTIALS = "nsDS5ReplicaCredentials";
  static final String TIMEOUT = "nsds5ReplicaTimeout";
  static final String PROTOCOL_TIMEOUT = "nsds5ReplicaProtocolTimeout";
  static final String ENABLED = "nsds5ReplicaEnabled";
  static final String REFRESH = "nsds5BeginReplicaRefresh";
  static final String UPDATE_STATUS = "nsds5replicaLastUpdateStatus";
  static final String INIT_STATUS = "nsds5replicaLastInitStatus";
  static final String UPDATING = "nsds5replicaUpdateInProgress";

  static final String TASK_ID = "replica-id";
  static final String TASK_BASE = "replica-base-dn";
  static final String TASK_FORCE = "replica-force-cleaning";
  static final String TASK_STATUS = "nsTaskStatus";
  static final String TASK_EXIT = "nsTaskExitCode";
  static final String CHANGELOG_AGE = "nsslapd-changelogmaxage";

  static final String VECTOR = "nsds50ruv";
  static final String UNIQUE_ID = "nsUniqueId";
  static final String VECTOR_ID = "ffffffff-ffffffff-ffffffff-ffffffff";
  static final String TOMBSTONE = "nsTombstone";
}
