package io.cotidal.lab.swift;

import io.cotidal.lab.swift.SwiftOptions.Setting;
import io.cotidal.model.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a site.
 *
 * @param folder its own
 * @param devices under which its one device is
 * @param options what it is to be
 * @param ports where its servers listen
 * @param user as whom they run
 */
record SwiftFiles(
    Path folder,
    Path devices,
    SwiftOptions options,
    Map<SwiftService, Integer> ports,
    String user) {
  /** The name of a site's device. */
  static final String DEVICE = "d1";

  /** The word for who knows the users. */
  static final String AUTH = "tempauth";

  /** What a request goes through at the proxy. */
  static final String PIPELINE =
      "catch_errors gatekeeper healthcheck proxy-logging cache etag-quoter listing_formats"
          + " container_sync bulk tempurl formpost ratelimit s3api "
          + AUTH
          + " staticweb copy"
          + " container-quotas account-quotas slo dlo versioned_writes symlink proxy-logging"
          + " proxy-server";

  /** Makes all of them but the realms'; its cluster is in {@code realm}. */
  void write(SwiftRealm realm) throws IOException {
    for (String each : new String[] {"etc", "cache", "log"}) {
      Files.createDirectories(folder.resolve(each));
    }
    Files.createDirectories(devices.resolve(DEVICE));
    try (InputStream program = SwiftFiles.class.getResourceAsStream("site.py")) {
      if (program == null) {
        throw new IOException("the lab's program site.py is not beside its classes");
      }
      Files.write(program(), program.readAllBytes());
    }
    rings();
    Map<String, Ini> files = new LinkedHashMap<>();
    files.put("swift", swift());
    files.put("account-server", backend(SwiftService.ACCOUNT));
    files.put("container-server", container());
    files.put("object-server", object());
    files.put("internal-client", internalClient());
    files.put("proxy-server", proxy(realm));
    for (Setting setting : options.settings()) {
      Ini file = files.computeIfAbsent(setting.file(), name -> new Ini());
      file.put(setting.section(), setting.key(), setting.value());
    }
    for (Map.Entry<String, Ini> file : files.entrySet()) {
      write(file.getKey() + ".conf", file.getValue());
    }
    for (Path each :
        List.of(
            etc(),
            folder.resolve("cache"),
            folder.resolve("log"),
            program(),
            devices,
            devices.resolve(DEVICE))) {
      Files.setOwner(each, principal());
    }
  }

  /** Makes the file of the realms; running servers read it again within a second. */
  void write(SwiftRealm realm, Collection<SwiftSite> sites) throws IOException {
    Ini file = new Ini().put("DEFAULT", "mtime_check_interval", "0.5");
    file.put(realm.name(), "key", realm.key().reveal());
    Optional<Secret> second = realm.second();
    if (second.isPresent()) {
      file.put(realm.name(), "key2", second.get().reveal());
    }
    for (SwiftSite site : sites) {
      file.put(realm.name(), "cluster_" + site.name(), site.endpoint() + "/v1/");
    }
    realm
        .clusters()
        .forEach((name, address) -> file.put(realm.name(), "cluster_" + name, address.toString()));
    write("container-sync-realms.conf", file);
  }

  /** The program that runs the site. */
  Path program() {
    return folder.resolve("site.py");
  }

  /** The folder of the configuration. */
  Path etc() {
    return folder.resolve("etc");
  }

  /** A file of the configuration. */
  Path conf(String file) {
    return etc().resolve(file + ".conf");
  }

  /** What a server or a daemon says. */
  Path log(String word) {
    return folder.resolve("log").resolve(word + ".log");
  }

  private void write(String name, Ini file) throws IOException {
    Path aside = etc().resolve(name + ".new");
    Files.deleteIfExists(aside);
    Files.createFile(
        aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(aside, file.text());
    Files.setOwner(aside, principal());
    Files.move(aside, etc().resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private UserPrincipal principal() throws IOException {
    return folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
  }

  private void rings() throws IOException {
    Files.write(etc().resolve("account.ring.gz"), ring(SwiftService.ACCOUNT));
    Files.write(etc().resolve("container.ring.gz"), ring(SwiftService.CONTAINER));
    for (int policy = 0; policy < options.policies().size(); policy++) {
      String name = policy == 0 ? "object.ring.gz" : "object-" + policy + ".ring.gz";
      Files.write(etc().resolve(name), ring(SwiftService.OBJECT));
    }
  }

  private byte[] ring(SwiftService service) throws IOException {
    return new RingFile(port(service)).bytes();
  }

  private int port(SwiftService service) {
    return ports.getOrDefault(service, 0);
  }

  private Ini swift() {
    Ini file = new Ini();
    file.put("swift-hash", "swift_hash_path_prefix", options.name());
    file.put("swift-hash", "swift_hash_path_suffix", "of-the-lab");
    for (int policy = 0; policy < options.policies().size(); policy++) {
      String section = "storage-policy:" + policy;
      file.put(section, "name", options.policies().get(policy));
      file.put(section, "default", policy == 0 ? "yes" : "no");
    }
    return file;
  }

  private Ini server(SwiftService service) {
    // The log goes to a file; the datagrams that Swift sends besides go to a port where nobody is.
    // It has one copy of all and nobody who makes good later what was not done: a row that came
    // after Swift's usual second would not be listed for ever. A busy disk takes its seconds.
    return new Ini()
        .put(
            "DEFAULT",
            """
            bind_ip = 127.0.0.1
            bind_port = %d
            user = %s
            swift_dir = %s
            devices = %s
            mount_check = false
            workers = 0
            disable_fallocate = true
            log_level = INFO
            log_udp_host = 127.0.0.1
            log_udp_port = 9
            reclaim_age = %d
            recon_cache_path = %s
            conn_timeout = 20
            node_timeout = 60
            container_update_timeout = 60
            """
                .formatted(
                    port(service),
                    user,
                    etc(),
                    devices,
                    options.reclaimAge().toSeconds(),
                    folder.resolve("cache")));
  }

  private Ini backend(SwiftService service) {
    String server = service.word() + "-server";
    return server(service)
        .put("pipeline:main", "pipeline", "healthcheck recon " + server)
        .put("app:" + server, "use", "egg:swift#" + service.word())
        .put("filter:healthcheck", "use", "egg:swift#healthcheck")
        .put("filter:recon", "use", "egg:swift#recon")
        .put("account-replicator", "interval", "5")
        .put("account-reaper", "delay_reaping", "0");
  }

  private Ini container() {
    String client = conf("internal-client").toString();
    return backend(SwiftService.CONTAINER)
        .put("DEFAULT", "allowed_sync_hosts", "127.0.0.1")
        .put("container-replicator", "interval", "5")
        .put("container-updater", "interval = 5\nslowdown = 0\naccount_suppression_time = 0")
        .put("container-sync", "interval = 5\ncontainer_time = 60")
        .put("container-sync", "internal_client_conf_path", client)
        .put("container-sharder", "internal_client_conf_path", client);
  }

  private Ini object() {
    return backend(SwiftService.OBJECT)
        .put("object-replicator", "interval", "5")
        .put("object-updater", "interval", "5")
        .put("object-expirer", "interval = 5\ndequeue_from_legacy = true")
        .put("object-expirer", "internal_client_conf_path", conf("internal-client").toString());
  }

  private Ini internalClient() {
    Ini file = new Ini();
    file.put("DEFAULT", "swift_dir", etc().toString());
    file.put("DEFAULT", "log_udp_host = 127.0.0.1\nlog_udp_port = 9");
    file.put("pipeline:main", "pipeline", "catch_errors proxy-logging cache symlink proxy-server");
    file.put("app:proxy-server", "use = egg:swift#proxy\naccount_autocreate = true");
    for (String each : new String[] {"catch_errors", "proxy-logging", "symlink"}) {
      file.put("filter:" + each, "use", "egg:swift#" + each.replace("proxy-", "proxy_"));
    }
    return cache(file);
  }

  private Ini cache(Ini file) {
    return file.put("filter:cache", "use", "egg:swift#memcache")
        .put("filter:cache", "memcache_servers", "127.0.0.1:" + port(SwiftService.MEMCACHED))
        .put("filter:cache", "connect_timeout = 10\nio_timeout = 20\npool_timeout = 20");
  }

  private Ini proxy(SwiftRealm realm) {
    Ini file = server(SwiftService.PROXY);
    file.put("pipeline:main", "pipeline", PIPELINE);
    file.put("app:proxy-server", "use = egg:swift#proxy\naccount_autocreate = true");
    file.put("app:proxy-server", "allow_account_management", "true");
    // Of several devices one in trouble is left out for a while. There is no second one here.
    file.put("app:proxy-server", "error_suppression_interval", "0");
    for (String each : PIPELINE.split(" ")) {
      if (!each.equals("proxy-server") && !each.equals("cache")) {
        // Some are called with a hyphen in a pipeline, none as an entry point.
        file.put("filter:" + each, "use", "egg:swift#" + each.replace('-', '_'));
      }
    }
    cache(file);
    file.put("filter:container_sync", "current", "//" + realm.name() + "/" + options.name());
    file.put("filter:s3api", "s3_acl = yes\ncheck_bucket_owner = yes\nlocation = us-east-1");
    file.put("filter:versioned_writes", "allow_versioned_writes", "true");
    file.put("filter:versioned_writes", "allow_object_versioning", "true");
    return tempauth(file);
  }

  private Ini tempauth(Ini file) {
    String section = "filter:" + AUTH;
    file.put(section, "account_autocreate = true\nreseller_prefix = AUTH, SERVICE");
    file.put(section, "SERVICE_require_group", "service");
    Stream.concat(SwiftLogin.usual().stream(), options.logins().stream())
        .forEach(login ->
            file.put(
                section,
                "user_" + login.account() + "_" + login.user(),
                login.key().reveal() + " " + String.join(" ", login.groups())));
    return file;
  }
}
