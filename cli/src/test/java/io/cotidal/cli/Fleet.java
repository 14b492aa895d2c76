package io.cotidal.cli;

/** The API's records of a small fleet, as JSON. */
final class Fleet {
  private Fleet() {}

  /** Three members, the primary is dead, a failover is wanted. */
  static final String ORDERS =
      """
      {"id":"postgres/orders","micros":1795255200000000,"mode":"propose","leading":true,"epoch":8,
       "diagnosis":{"code":"primary-dead","sentence":"a is dead; b and c have lost it, too","severity":"critical",
         "evidence":{"a":"refused 3 times","b":"receiver gone","cc":"receiver gone"}},
       "inSync":false,
       "wanted":[{"type":"failover","input":{"from":"a"},"reason":"the primary is dead","automatic":false}],
       "guarantee":"every acknowledged write is on two members","ledger":{},
       "members":[
         {"id":"a","role":"primary","status":"refuses: connection refused","severity":"critical","writable":false,"facts":{"timeline":"3"}},
         {"id":"b","role":"replica","status":"answers","severity":"info","writable":false,"facts":{"timeline":"3","position":"0/3A0"}}],
       "links":[
         {"from":"a","to":"b","state":"broken","lagBytes":null,"planned":false},
         {"from":"b","to":"c","state":"wanted","lagBytes":1536,"planned":true}],
       "operations":[%s],"progress":{}}
      """;

  /** One member, well. */
  static final String USERS =
      """
      {"id":"postgres/users","micros":1795255200000000,"mode":"manage","leading":true,"epoch":2,
       "diagnosis":{"code":"healthy","sentence":"a serves","severity":"info","evidence":{}},
       "inSync":true,"wanted":[],"guarantee":"","ledger":{},
       "members":[{"id":"a","role":"primary","status":"answers","severity":"info","writable":true,"facts":{}}],
       "links":[],"operations":[],"progress":{}}
      """;

  /** A copy that somebody made two minutes ago. */
  static final String COPY =
      """
      {"sort":"copy","name":"feature-42","owner":"ann","state":"ready",
       "facts":{"generation":"g3","host":"127.0.0.1","port":"5501"},
       "createdMicros":%d,"expiresMicros":%d}\
      """
          .formatted(Shell.NOW - 120_000_000L, Shell.NOW + 28_800_000_000L);

  /** A template with a copy. */
  static final String SHOP =
      """
      {"id":"copies/shop","micros":1795255200000000,"mode":"manage","leading":true,"epoch":2,
       "diagnosis":{"code":"healthy","sentence":"copies are made of g3","severity":"info","evidence":{}},
       "inSync":true,"wanted":[],"guarantee":"","ledger":{"generation":"g3"},
       "members":[{"id":"local","role":"host","status":"answers","severity":"info","writable":true,
         "facts":{"copies":"1","spares":"1","free":"1073741824"}}],
       "links":[],"operations":[],"progress":{},"items":[%s,
         {"sort":"generation","name":"g3","owner":"","state":"ready",
          "facts":{"rows":"1204331","tables":"42","bytes":"104857600","dump":"/srv/shop.sql.gz",
            "sha256":"0123456789abcdef0123"},"createdMicros":%d,"expiresMicros":0}]}
      """
          .formatted(COPY, Shell.NOW - 7_200_000_000L);

  /** A failover of orders that waits for an approval. */
  static final String PROPOSAL = operation("failover", "irreversible", "proposed", "", 0, 0, "");

  /** The list of both. */
  static String all() {
    return "{\"resources\":[" + USERS + "," + orders() + "]}";
  }

  static String orders() {
    return ORDERS.formatted(PROPOSAL);
  }

  /** Operation 17 of orders; times in microseconds behind the start of the run. */
  static String operation(
      String type, String risk, String state, String note, long started, long ended, String steps) {
    return """
    {"id":"postgres/orders#17","type":"%s","version":1,"input":{"to":"b"},"risk":"%s","state":"%s",
     "reason":"asked for","note":"%s","key":"k","basis":"x","actor":"alice","approvedBy":null,
     "idempotencyKey":null,"cancelRequested":false,"locks":[{"scope":"*","exclusive":true}],
     "createdMicros":%d,"startedMicros":%d,"endedMicros":%d,"steps":[%s]}\
    """
        .formatted(
            type,
            risk,
            state,
            note,
            Shell.NOW - 90_000_000,
            started == 0 ? 0 : Shell.NOW + started,
            ended == 0 ? 0 : Shell.NOW + ended,
            steps);
  }

  /** A step's row; times as above. */
  static String row(
      int sequence, String sentence, String state, long started, long ended, String evidence) {
    return """
    {"sequence":%d,"step":%s,"attempt":1,"state":"%s","epoch":8,"evidence":{%s},"problem":"",
     "startedMicros":%d,"endedMicros":%d}\
    """
        .formatted(
            sequence,
            step(sentence, false, false),
            state,
            evidence,
            started == 0 ? 0 : Shell.NOW + started,
            ended == 0 ? 0 : Shell.NOW + ended);
  }

  static String step(String sentence, boolean decides, boolean noReturn) {
    return """
    {"key":"k %s","act":"act","member":"b","arguments":{},"sentence":"%s","needs":[],
     "deadline":"PT10S","whenUnknown":{"fail":{}},"decisionPoint":%s,"pointOfNoReturn":%s,"ledger":{}}\
    """
        .formatted(sentence, sentence, decides, noReturn);
  }
}
