package io.cotidal.app.config;

import static io.cotidal.app.config.FeedsForms.duration;

import io.cotidal.model.Mode;
import io.cotidal.model.Names;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.objects.spec.Fallback;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Reads;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads one namespace below {@code objects}. */
final class ObjectsSection {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final String ACCOUNTS = "accounts";
  private static final String REALM = "realm";

  private final Section section;
  private final Secrets secrets;

  ObjectsSection(Section section, Secrets secrets) {
    this.section = section;
    this.secrets = secrets;
  }

  /** The namespace; empty if what nothing can stand for is missing, and then reported. */
  Optional<ObjectsSpec> read(String name) {
    if (!Names.valid(name)) {
      section.reject(
          "is not a name", "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    }
    Mode mode =
        section.get("mode", Forms.word(Mode.class), Value.standard(Mode.OBSERVE, "observe"));
    Optional<Path> folder =
        section.need(
            "folder",
            Forms.absolutePath(),
            Optional.empty(),
            "name a folder for what was agreed between the sites");
    List<String> accounts = accounts();
    String stamps = stamps(accounts);
    Promise answer =
        section.get("answer", Forms.word(Promise.class), Value.standard(Promise.LOCAL, "local"));
    Reads reads =
        new Reads(
            section.get(
                "read-elsewhere",
                Forms.word(Fallback.class),
                Value.standard(Fallback.NEVER, Forms.show(Fallback.NEVER))),
            section.get("merged-listing", Forms.flag(), Value.standard(false, "false")),
            section.has("hosts") ? section.words("hosts", Forms.host()) : List.of(),
            duration(section, "read-patience", Reads.PATIENCE, SECOND, HOUR));
    Optional<Realm> realm = realm();
    ObjectsSites written = new ObjectsSites(section, secrets, folder);
    List<Site> sites = written.read();
    Placement placement = new ObjectsPlacement(section, written.names()).read();
    ObjectsSpec.Pace pace = pace();
    ObjectsSpec.Care care = care();
    section.close();
    if (!Names.valid(name) || folder.isEmpty() || realm.isEmpty() || sites.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ObjectsSpec(
            new ResourceId(Namespaces.KIND, name),
            mode,
            sites,
            realm.get(),
            accounts,
            placement,
            pace,
            care,
            folder.get(),
            stamps,
            answer,
            reads));
  }

  private List<String> accounts() {
    if (!section.has(ACCOUNTS)) {
      section.problem(
          ACCOUNTS, "is missing", "write [AUTH_NAME]: Swift tells nobody which accounts there are");
      return List.of();
    }
    List<String> accounts = section.words(ACCOUNTS, ObjectsForms.account());
    if (accounts.size() != accounts.stream().distinct().count()) {
      section.problem(ACCOUNTS, "names an account twice", "keep one of them");
    }
    return accounts;
  }

  private String stamps(List<String> accounts) {
    String stamps =
        section.get(
            "stamps",
            ObjectsForms.account(),
            Value.standard(ObjectsSpec.STAMPS, ObjectsSpec.STAMPS));
    if (accounts.contains(stamps)) {
      section.problem(
          "stamps",
          Quote.of(stamps) + " is one of accounts",
          "name another one, which is for Cotidal alone");
    }
    return stamps;
  }

  private Optional<Realm> realm() {
    Optional<Section> written = section.section(REALM);
    if (written.isEmpty()) {
      if (!section.has(REALM)) {
        section.problem(
            REALM, "is missing", "write name and key, as in container-sync-realms.conf");
      }
      return Optional.empty();
    }
    Section realm = written.get();
    Optional<String> name =
        realm.need(
            "name",
            ObjectsForms.realm(),
            Optional.empty(),
            "write its name in container-sync-realms.conf");
    Optional<Secret> key = realm.secret("key", secrets);
    Optional<Secret> second =
        realm.has("second") ? realm.secret("second", secrets) : Optional.empty();
    realm.closeDiscreetly();
    // A key that is missing is reported: what is read on is looked at and not used.
    return name.map(each -> new Realm(each, key.orElse(new Secret("")), second));
  }

  private ObjectsSpec.Pace pace() {
    ObjectsSpec.Pace usual = ObjectsSpec.Pace.USUAL;
    Section pace = part("pace");
    ObjectsSpec.Pace read =
        new ObjectsSpec.Pace(
            duration(pace, "scan", usual.scan(), SECOND, DAY),
            pace.get(
                "concurrency",
                Forms.whole(1, 1_000),
                Value.standard(usual.concurrency(), String.valueOf(usual.concurrency()))),
            pace.get(
                "bytes-per-second",
                Forms.bytes(),
                Value.standard(usual.bytesPerSecond(), "(no limit)")));
    pace.close();
    return read;
  }

  private ObjectsSpec.Care care() {
    ObjectsSpec.Care usual = ObjectsSpec.Care.USUAL;
    Section care = part("care");
    ObjectsSpec.Care read =
        new ObjectsSpec.Care(
            duration(care, "skew", usual.skew(), Duration.ofMillis(100), HOUR),
            care.get(
                "deletes",
                Forms.whole(0, 999_999_999),
                Value.standard((int) usual.deletes(), String.valueOf(usual.deletes()))),
            care.get(
                "share",
                ObjectsForms.share(),
                Value.standard(usual.share(), String.valueOf(usual.share()))),
            duration(care, "tombstones", usual.tombstones(), DAY, Duration.ofDays(3_650)),
            care.get(
                "losers",
                Forms.word(ObjectsSpec.Losers.class),
                Value.standard(usual.losers(), Forms.show(usual.losers()))));
    care.close();
    return read;
  }

  private Section part(String key) {
    return section.section(key).orElseGet(() -> section.absent(key));
  }
}
