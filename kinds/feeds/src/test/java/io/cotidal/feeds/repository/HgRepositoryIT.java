package io.cotidal.feeds.repository;

import static io.cotidal.feeds.repository.Rig.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.feeds.spec.FeedsSpec.Tool;
import io.cotidal.lab.HgRepo;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Program;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@DisplayName("A state repository in Mercurial")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
class HgRepositoryIT {
  private Rig rig;

  @BeforeAll
  void begin() throws Exception {
    rig = new Rig(HgRepo.missing());
  }

  @AfterAll
  void end() throws Exception {
    rig.close();
  }

  private HgRepo master() throws Exception {
    return HgRepo.make(rig.fresh("master"), "");
  }

  private static List<String> files(Repository repository, String commit) throws Exception {
    return new JobFiles(repository, Limits.USUAL)
        .of(commit, path -> path.endsWith(".json"), soon()).files().entrySet().stream()
            .map(file -> file.getKey() + "=" + new String(file.getValue(), UTF_8))
            .toList();
  }

  private static RepositoryException failure(Repository repository, Deadline deadline) {
    RepositoryException failure =
        catchThrowableOfType(RepositoryException.class, () -> repository.pull(deadline));
    assertThat(failure).isNotNull();
    assertThat(failure.getMessage()).doesNotContain("\n");
    return failure;
  }

  @Test
  @DisplayName(
      "feeds/S5: over HTTP, the newest of two commits wins, and what came and went is gone")
  void newestWins() throws Exception {
    HgRepo master = master();
    String first = master.write("kmi/layers/a.json", "1").commit("one");
    Place place = rig.place(Tool.HG, master.serve(rig.registry));
    Repository replica = rig.open(place);
    Pulled pulled = replica.pull(soon());
    assertThat(pulled.head()).isEqualTo(first);
    assertThat(pulled.applied()).isEmpty();
    assertThat(pulled.behind()).isEqualTo(1);
    replica.applied(first, soon());
    master.write("kmi/layers/a.json", "2").write("kmi/layers/gone.json", "x").commit("two");
    String last =
        master.write("kmi/layers/a.json", "3").remove("kmi/layers/gone.json").commit("three");
    Pulled next = replica.pull(soon());
    assertThat(next).isEqualTo(replica.known().orElseThrow());
    assertThat(next.head()).isEqualTo(last);
    assertThat(next.behind()).isEqualTo(2);
    assertThat(next.applied()).contains(first);
    assertThat(next.rewritten()).isFalse();
    assertThat(files(replica, last)).containsExactly("kmi/layers/a.json=3");
    assertThat(place.what().folder().resolve("kmi")).doesNotExist();
    replica.applied(last, soon());
    assertThatThrownBy(() -> replica.applied(first, soon()))
        .hasMessageContaining("is not after " + last);
    assertThat(replica.known().orElseThrow().current()).isTrue();
  }

  @Test
  @DisplayName("has links refused by name, reads odd names as they are, and fetches no parts")
  void hostileNames() throws Exception {
    HgRepo master = master();
    Files.writeString(rig.folder.resolve("secret"), "canary");
    master.write("k/-x.json", "dash").write("k/a b\"ü'$(x).json", "odd");
    master.write("k/listfile:y.json", "list").write("--config=x.json", "option");
    master.write("k/big.json", "x".repeat(3000));
    master.link("k/link.json", rig.folder.resolve("secret").toString());
    HgRepo.make(master.folder().resolve("code"), "").write("c", "c").commit("a part");
    String head = master.write(".hgsub", "code = https://127.0.0.1:1/\n").commit("one");
    Place place = rig.place(Tool.HG, master.folder().toString());
    Repository replica = rig.open(place);
    assertThat(replica.pull(soon()).head()).isEqualTo(head);
    Contents contents =
        new JobFiles(replica, new Limits(2000, 100, 100_000))
            .of(head, path -> path.endsWith(".json"), soon());
    assertThat(contents.files())
        .containsOnlyKeys(
            "--config=x.json", "k/-x.json", "k/a b\"ü'$(x).json", "k/listfile:y.json");
    assertThat(contents.refused()).containsOnlyKeys("k/big.json", "k/link.json");
    assertThat(place.scratch()).isEmptyDirectory();
    assertThat(place.what().folder().resolve("code")).doesNotExist();
    Files.move(master.folder(), master.folder().resolveSibling("away"));
    assertThat(failure(replica, soon()).kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(replica.known().orElseThrow().head()).isEqualTo(head);
  }

  @Test
  @DisplayName("that does not answer is given up in time")
  void silent() throws Exception {
    try (ServerSocket nobody = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + nobody.getLocalPort() + "/";
      Repository replica = rig.open(rig.place(Tool.HG, url));
      RepositoryException late = failure(replica, Deadline.in(Duration.ofSeconds(1)));
      assertThat(late.kind()).isEqualTo(Kind.UNREACHABLE);
      assertThat(late).hasMessageContaining("did not end in time");
    }
  }

  @Test
  @DisplayName("is pulled again after a kill -9 in the middle, and its own hooks are left out")
  void killed() throws Exception {
    HgRepo master = master();
    String first = master.write("a.json", "1").commit("one");
    Path folder = rig.fresh("clone");
    master.run("clone", "--quiet", master.folder().toString(), folder.toString());
    Path began = rig.fresh("began");
    Files.writeString(
        folder.resolve(".hg/hgrc"),
        "[paths]\ndefault = %s\n[hooks]\npretxnchangegroup.slow = touch %s; exec sleep 60\n"
            .formatted(master.folder(), began));
    String second = master.write("a.json", "2").commit("two");
    Program pull =
        new Program(
            List.of("/usr/bin/hg", "pull"), new TreeMap<>(HgRepo.ENVIRONMENT), null, folder, "");
    ProcessId hg = rig.processes.launch(pull, rig.fresh("log"));
    rig.registry.record(hg.pid());
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(began));
    Repository replica = rig.open(rig.place(Tool.HG, folder, "", Path.of("/bin/false")));
    assertThat(failure(replica, Deadline.in(Duration.ofSeconds(6))).kind()).isEqualTo(Kind.LOCKED);
    assertThat(replica.known().orElseThrow().head()).isEqualTo(first);
    assertThat(rig.processes.killSession(hg, soon())).isTrue();
    assertThat(folder.resolve(".hg/store/journal")).exists();
    assertThat(replica.pull(soon()).head()).isEqualTo(second);
    assertThat(folder.resolve(".hg/store/journal")).doesNotExist();
    assertThat(folder.resolve("a.json")).hasContent("1");
  }
}
