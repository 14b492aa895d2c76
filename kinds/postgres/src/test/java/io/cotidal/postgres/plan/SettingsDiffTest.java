package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Report;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.observe.ServerSettings;
import io.cotidal.postgres.observe.ServerSettings.Entry;
import io.cotidal.postgres.observe.ServerSettings.Kind;
import io.cotidal.postgres.observe.ServerSettings.Parameter;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.settings.OwnSettings;
import io.cotidal.postgres.plan.settings.RollOut;
import io.cotidal.postgres.plan.settings.SettingsDiff;
import io.cotidal.postgres.plan.settings.SettingsDiff.Line;
import io.cotidal.postgres.plan.settings.SettingsDiff.Takes;
import io.cotidal.postgres.spec.Addresses;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is wanted against what is in force, and what is made of it. */
@Timeout(20)
class SettingsDiffTest {
  private static final Kind MEMORY = new Kind("integer", "kB", "64", "2147483647", List.of());
  private static final Kind PLAIN = new Kind("integer", "", "1", "262143", List.of());
  private static final Kind TEXT = new Kind("string", "", "", "", List.of());
  private static final Entry AUTOMATIC = new Entry("/d/postgresql.auto.conf", 3, "32MB");

  private final TreeMap<String, Parameter> says = new TreeMap<>();

  private static PostgresSpec spec(Map<String, String> settings, boolean care) {
    PostgresSpec plain = Scene.spec(1, Failover.DEFAULT);
    return new PostgresSpec(
            plain.id(),
            plain.mode(),
            plain.servers(),
            1,
            plain.failover(),
            plain.access(),
            new TreeMap<>(settings))
        .with(plain.practice().caring(plain.practice().care().settings(care)));
  }

  private SettingsDiffTest has(
      String name, String setting, Kind kind, String context, @Nullable Entry last) {
    Optional<String> own =
        last != null && last.ours() ? Optional.of(last.value()) : Optional.empty();
    String source = last == null ? "default" : "configuration file";
    says.put(
        name,
        new Parameter(
            name, setting, setting, kind, context, source, Optional.ofNullable(last), own));
    return this;
  }

  private ServerSettings said() {
    return new ServerSettings(
        says, List.of(), new ServerSettings.Entrance(true, List.of(), List.of()), true);
  }

  private static Entry ours(String value) {
    return new Entry("/d/cotidal.conf", 7, value);
  }

  private Line line(PostgresSpec spec, String name) {
    return SettingsDiff.gated(spec, spec.servers().getFirst(), said()).stream()
        .filter(each -> each.parameter().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("nothing, a reload, a restart, and what is not declared any more")
  void takes() {
    PostgresSpec spec = spec(Map.of("work_mem", "64MB", "max_connections", "200"), true);
    has("work_mem", "65536", MEMORY, "user", ours("65536kB"));
    assertThat(line(spec, "work_mem").takes()).isEqualTo(Takes.NOTHING);
    has("work_mem", "4096", MEMORY, "user", ours("4MB"));
    assertThat(line(spec, "work_mem").takes()).isEqualTo(Takes.RELOAD);
    has("work_mem", "65536", MEMORY, "user", ours("4MB"));
    assertThat(line(spec, "work_mem").takes()).as("not reloaded").isEqualTo(Takes.RELOAD);
    has("max_connections", "100", PLAIN, "postmaster", null);
    assertThat(line(spec, "max_connections").takes()).isEqualTo(Takes.RESTART);
    has("temp_buffers", "1024", PLAIN, "user", ours("1024"));
    assertThat(line(spec, "temp_buffers"))
        .returns(Takes.RELOAD, Line::takes)
        .returns(Optional.empty(), Line::wanted);
    has("archive_command", "x", TEXT, "sighup", ours("x"));
    assertThat(SettingsDiff.gated(spec, spec.servers().getFirst(), said()))
        .noneMatch(each -> each.parameter().startsWith("archive"));
  }

  @Test
  @DisplayName("what somebody else set counts more, is shown with its place, and is left")
  void others() {
    PostgresSpec spec = spec(Map.of("work_mem", "64MB"), true);
    has("work_mem", "32768", MEMORY, "user", AUTOMATIC);
    assertThat(line(spec, "work_mem"))
        .returns(Takes.OTHERS, Line::takes)
        .returns("postgresql.auto.conf:3", Line::by);
    has("work_mem", "32768", MEMORY, "user", new Entry("/d/postgresql.conf", 700, "32MB"));
    assertThat(line(spec, "work_mem").takes())
        .as("ours comes after it once it is there")
        .isEqualTo(Takes.RELOAD);
  }

  @Test
  @DisplayName("without a gate only what the ledger claims is ours")
  void bySql() {
    Server plain =
        new Server(
            B, Addresses.all("127.0.0.1"), 1, Path.of("/"), Path.of("/"), "", new Reach.Sql());
    PostgresSpec spec = spec(Map.of("work_mem", "64MB"), true);
    has("work_mem", "32768", MEMORY, "user", AUTOMATIC);
    OwnSettings nothing = new OwnSettings(Details.NONE);
    List<Line> lines = SettingsDiff.of(spec, plain, said(), nothing);
    assertThat(lines).singleElement().returns(Takes.OTHERS, Line::takes);
    OwnSettings before =
        new OwnSettings(OwnSettings.settled(B, Map.of("work_mem", "32MB"), List.of()));
    OwnSettings claimed = new OwnSettings(before.claim(B, Map.of("work_mem", "64MB")));
    for (OwnSettings own : List.of(before, claimed)) {
      assertThat(SettingsDiff.of(spec, plain, said(), own))
          .singleElement()
          .returns(Takes.RELOAD, Line::takes);
    }
    PostgresSpec none = spec(Map.of(), true);
    assertThat(SettingsDiff.of(none, plain, said(), claimed))
        .singleElement()
        .returns(Optional.empty(), Line::wanted);
    assertThat(SettingsDiff.of(none, plain, said(), nothing)).isEmpty();
  }

  @Test
  @DisplayName("a value that no server would take is one line, and nothing is wanted any more")
  void invalid() {
    has("work_mem", "4096", MEMORY, "user", ours("4MB"));
    has("max_connections", "100", PLAIN, "postmaster", null);
    has("superuser_reserved_connections", "3", PLAIN, "postmaster", null);
    Scene good = scene(spec(Map.of("work_mem", "64MB"), true));
    List<Wanted> wanted = new PostgresKind().plan(good.spec, good.state());
    assertThat(wanted)
        .singleElement()
        .returns("settings", Wanted::type)
        .satisfies(each -> assertThat(each.input().need("members")).isEqualTo("b,c,a"))
        .satisfies(each -> assertThat(each.reason()).startsWith("b: work_mem 4096 → 64MB; c: "));
    for (String few : List.of("3", "lots")) {
      Scene bad = scene(spec(Map.of("work_mem", "64MB", "max_connections", few), true));
      assertThat(new PostgresKind().plan(bad.spec, bad.state())).isEmpty();
      PgDiagnosis found = new PostgresKind().diagnose(bad.spec, bad.state());
      assertThat(found.code()).isEqualTo("degraded");
      assertThat(found.sentence()).containsOnlyOnce("settings: max_connections = '" + few + "'");
    }
  }

  @Test
  @DisplayName("switched off, nothing is wanted, said or rolled out")
  void switchedOff() {
    has("work_mem", "4096", MEMORY, "user", ours("4MB"));
    has("max_connections", "100", PLAIN, "postmaster", null);
    Scene off = scene(spec(Map.of("work_mem", "64MB", "max_connections", "200"), false));
    assertThat(new PostgresKind().plan(off.spec, off.state())).isEmpty();
    assertThat(new PostgresKind().diagnose(off.spec, off.state()).sentence())
        .doesNotContain("pending");
    assertThatThrownBy(() -> request(off)).hasMessageContaining("settings-care is switched off");
    assertThat(new Readings(off.spec, off.state()).answer("settings", Details.NONE).sentence())
        .contains("switched off");
  }

  @Test
  @DisplayName("who waits for a restart is named; the order of what a standby needs as much of")
  void pending() {
    has("max_connections", "100", PLAIN, "postmaster", null);
    Scene more = scene(spec(Map.of("max_connections", "200"), true));
    assertThat(new PostgresKind().diagnose(more.spec, more.state()))
        .returns("healthy", PgDiagnosis::code)
        .satisfies(found ->
            assertThat(found.sentence())
                .endsWith(
                    "; pending restart: a (max_connections), b (max_connections), c"
                        + " (max_connections)"));
    Report report = new Readings(more.spec, more.state()).answer("settings", Details.NONE);
    assertThat(report.lines()).hasSize(3).allMatch(each -> each.remedy().equals("cot roll-out"));
    assertThat(request(more))
        .isEqualTo(Details.of("primary", "a").with("from", "a").with("first", "b,c"));
    Scene less = scene(spec(Map.of("max_connections", "50"), true));
    assertThatThrownBy(() -> request(less)).hasMessageContaining("--in-place");
    assertThat(new Requests(less.spec, less.state()).prepare(RollOut.NAME, IN_PLACE))
        .isEqualTo(
            Details.of("primary", "a")
                .with("from", "a")
                .with("then", "b,c")
                .with("in-place", true));
    Scene none = scene(spec(Map.of("max_connections", "100"), true));
    assertThatThrownBy(() -> request(none)).hasMessageContaining("nothing waits for a restart");
    Scene alone = scene(spec(Map.of("max_connections", "200"), true));
    alone.says(Scene.C, Scene.gone("present")).looks(3);
    assertThatThrownBy(() -> request(alone)).hasMessageContaining("c does not stream from a");
  }

  private static final Details IN_PLACE = Details.of(Inputs.IN_PLACE, "true");

  private static Details request(Scene scene) {
    return new Requests(scene.spec, scene.state()).prepare(RollOut.NAME, Details.NONE);
  }

  /** All three say the same of their parameters. */
  private Scene scene(PostgresSpec spec) {
    Scene scene = new Scene();
    scene.spec = spec;
    List<MemberId> all = new ArrayList<>(spec.members());
    scene.says(A, Scene.primary(3, 1000, "ANY 1 (\"b\",\"c\")", "b", "c").set(said()));
    all.remove(A);
    all.forEach(id -> scene.says(id, Scene.replica(3, 1000, A, 10).set(said())));
    return scene.looks(1);
  }
}
