package io.cotidal.feeds.repository;

import static io.cotidal.feeds.repository.Rig.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.spec.FeedsSpec.Tool;
import io.cotidal.lab.GitRepo;
import io.cotidal.remote.Deadline;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@DisplayName("A state repository in Git")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class GitRepositoryIT {
  private Rig rig;

  @BeforeAll
  void begin() throws Exception {
    rig = new Rig(GitRepo.missing());
  }

  @AfterAll
  void end() throws Exception {
    rig.close();
  }

  private GitRepo master() throws Exception {
    return GitRepo.make(rig.fresh("master"), "");
  }

  private static List<String> files(Repository repository, String commit) throws Exception {
    return new JobFiles(repository, Limits.USUAL)
        .of(commit, path -> path.endsWith(".json"), soon()).files().entrySet().stream()
            .map(file -> file.getKey() + "=" + new String(file.getValue(), UTF_8))
            .toList();
  }

  private static RepositoryException failure(Repository repository) {
    RepositoryException failure =
        catchThrowableOfType(RepositoryException.class, () -> repository.pull(soon()));
    assertThat(failure).isNotNull();
    assertThat(failure.getMessage()).doesNotContain("\n");
    return failure;
  }

  @Test
  @DisplayName(
      "feeds/S5: of two commits between two pulls the newest wins, and what came and went is gone")
  void newestWins() throws Exception {
    GitRepo master = master();
    String first = master.write("kmi/layers/a.json", "1").commit("one");
    Repository replica = rig.open(rig.place(Tool.GIT, master.folder().toString()));
    assertThat(replica.known()).isEmpty();
    Pulled pulled = replica.pull(soon());
    assertThat(pulled.head()).isEqualTo(first);
    assertThat(pulled.applied()).isEmpty();
    assertThat(pulled.behind()).isEqualTo(1);
    assertThat(pulled.headTimeSeconds()).isEqualTo(Long.parseLong(time(master)));
    replica.applied(first, soon());
    assertThat(replica.known().orElseThrow().current()).isTrue();
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
    assertThat(files(replica, first)).containsExactly("kmi/layers/a.json=1");
  }

  private static String time(GitRepo master) throws Exception {
    return master.run("log", "-1", "--format=%ct").strip();
  }

  @Test
  @DisplayName(
      "feeds/S6: is marked as applied only when somebody says so, and a pull that fails changes nothing")
  void failureKeeps() throws Exception {
    GitRepo master = master();
    String first = master.write("a.json", "1").commit("one");
    Place place = rig.place(Tool.GIT, master.folder().toString());
    Repository replica = rig.open(place);
    replica.pull(soon());
    replica.applied(first, soon());
    String second = master.write("a.json", "2").commit("two");
    assertThat(replica.pull(soon()).applied()).contains(first);
    Files.move(master.folder(), master.folder().resolveSibling("away"));
    assertThat(failure(replica).kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(replica.known().orElseThrow())
        .isEqualTo(
            new Pulled(
                second, Optional.of(first), 1, replica.known().get().headTimeSeconds(), false));
    // Another process knows as much, though it cannot pull either.
    Repository restarted = rig.open(place);
    assertThat(failure(restarted).kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(restarted.known()).isEqualTo(replica.known());
    assertThat(files(restarted, second)).containsExactly("a.json=2");
  }

  @Test
  @DisplayName("goes forward only, unless its history was rewritten, and then it says so")
  void forward() throws Exception {
    GitRepo master = master();
    String first = master.write("a.json", "1").commit("one");
    String second = master.write("a.json", "2").commit("two");
    Repository replica = rig.open(rig.place(Tool.GIT, master.folder().toString()));
    replica.pull(soon());
    replica.applied(second, soon());
    assertThatThrownBy(() -> replica.applied(first, soon()))
        .hasMessageContaining("is not after " + second);
    replica.applied(second, soon());
    master.run("reset", "--quiet", "--hard", first);
    String other = master.write("a.json", "3").commit("another second");
    Pulled pulled = replica.pull(soon());
    assertThat(pulled.rewritten()).isTrue();
    assertThat(pulled.behind()).isEqualTo(1);
    replica.applied(other, soon());
    assertThat(replica.known().orElseThrow().rewritten()).isFalse();
    assertThatThrownBy(() -> replica.applied(second, soon()))
        .isInstanceOf(RepositoryException.class);
    assertThatThrownBy(() -> replica.applied("HEAD", soon())).hasMessageContaining("no commit");
  }

  @Test
  @DisplayName("of the operator's keeps its files, its branches, and its hooks unrun")
  void operatorsClone() throws Exception {
    GitRepo master = master();
    master.write("a.json", "1").commit("one");
    Path folder = rig.fresh("own clone");
    master.run("clone", "--quiet", master.folder().toString(), folder.toString());
    Path hook = folder.resolve(".git/hooks/reference-transaction");
    Files.createDirectories(hook.getParent());
    Files.writeString(hook, "#!/bin/sh\ntouch " + "'" + folder + "/ran'\n");
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    String before = Files.readString(folder.resolve(".git/refs/heads/main"));
    String second = master.write("a.json", "2").commit("two");
    Repository replica = rig.open(rig.place(Tool.GIT, folder, "", Path.of("/bin/false")));
    assertThat(replica.pull(soon()).head()).isEqualTo(second);
    replica.applied(second, soon());
    assertThat(folder.resolve("a.json")).hasContent("1");
    assertThat(folder.resolve("ran")).doesNotExist();
    assertThat(folder.resolve(".git/refs/heads/main")).content().isEqualTo(before);
  }

  @Test
  @DisplayName("is not looked for in a folder above, nor in one that is something else")
  void noClone() throws Exception {
    GitRepo master = master();
    master.write("sub/a.json", "1").commit("one");
    Path inside = master.folder().resolve("sub");
    assertThat(failure(rig.open(rig.place(Tool.GIT, inside, "/x", Path.of("/x")))).kind())
        .isEqualTo(Kind.BROKEN);
    assertThat(failure(rig.open(rig.place(Tool.GIT, ""))))
        .hasMessageContaining("there is no clone, and no address");
    assertThat(
            failure(
                rig.open(
                    new Place(
                        new FeedsSpec.Repository(
                            Tool.GIT,
                            rig.fresh("clone"),
                            master.folder().toString(),
                            "nope",
                            Optional.empty()),
                        Path.of("/x"),
                        rig.folder.resolve("scratch")))))
        .hasMessageContaining("nope");
  }

  @Test
  @DisplayName("that does not answer is given up in time")
  void silent() throws Exception {
    try (ServerSocket nobody = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url = "git://127.0.0.1:" + nobody.getLocalPort() + "/state";
      Repository replica = rig.open(rig.place(Tool.GIT, url));
      RepositoryException late =
          catchThrowableOfType(
              RepositoryException.class, () -> replica.pull(Deadline.in(Duration.ofSeconds(1))));
      assertThat(late.kind()).isEqualTo(Kind.UNREACHABLE);
      assertThat(late).hasMessageContaining("did not end in time");
    }
  }

  @Test
  @DisplayName("is made and pulled by four at once, one after the other")
  void together() throws Exception {
    GitRepo master = master();
    String head = master.write("a.json", "1").commit("one");
    Place place = rig.place(Tool.GIT, master.folder().toString());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Pulled>> pulls = Collections.nCopies(4, () -> rig.open(place).pull(soon()));
      for (Future<Pulled> each : threads.invokeAll(pulls)) {
        assertThat(each.get().head()).isEqualTo(head);
      }
    }
    try (var left = Files.list(place.what().folder().getParent())) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.startsWith(Scratch.PREFIX));
    }
  }

  @Test
  @DisplayName(
      "is pulled although a process that was killed left a lock, but not from under a living one")
  void leftLock() throws Exception {
    GitRepo master = master();
    master.write("a.json", "1").commit("one");
    Place place = rig.place(Tool.GIT, master.folder().toString());
    Repository replica = rig.open(place);
    replica.pull(soon());
    String second = master.write("a.json", "2").commit("two");
    Path lock = place.what().folder().resolve("refs/cotidal/incoming.lock");
    Files.createFile(lock);
    assertThat(failure(replica).kind()).isEqualTo(Kind.LOCKED);
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(60)));
    assertThat(replica.pull(soon()).head()).isEqualTo(second);
  }

  @Test
  @DisplayName("costs little when one of a thousand jobs changed, and nothing when none did")
  void unchanged() throws Exception {
    GitRepo master = master();
    for (int i = 0; i < 1000; i++) {
      master.write("kmi/layers/l%d.json".formatted(i), "{\"layer\": %d}".formatted(i));
    }
    String first = master.commit("thousand");
    Repository replica = rig.open(rig.place(Tool.GIT, master.folder().toString()));
    replica.pull(soon());
    JobFiles files = new JobFiles(replica, Limits.USUAL);
    assertThat(files.of(first, path -> true, soon()).files()).hasSize(1000);
    String second = master.write("kmi/layers/l7.json", "new").commit("one");
    replica.pull(soon());
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      best = Math.min(best, spent(files, round % 2 == 0 ? second : first));
    }
    System.out.printf("pass over 1,000 jobs, one changed: %d ms with two processes%n", best);
    assertThat(best).isLessThan(300);
    files.of(second, path -> true, soon());
    assertThat(spent(files, second)).isLessThan(50);
  }

  private static long spent(JobFiles files, String commit) throws Exception {
    long begun = System.nanoTime();
    assertThat(files.of(commit, path -> true, soon()).files()).hasSize(1000);
    return (System.nanoTime() - begun) / 1_000_000;
  }
}
