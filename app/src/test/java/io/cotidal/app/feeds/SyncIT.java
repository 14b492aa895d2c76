package io.cotidal.app.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.lab.GitRepo;
import io.cotidal.lab.HgRepo;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
@DisplayName("A pass over a replica without a daemon")
final class SyncIT {
  private CloneLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = CloneLab.open();
  }

  @AfterEach
  void close() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  private CloneLab.Ended sync(Path variables) throws Exception {
    return lab.run(CloneLab.cot("feed", "sync", "--env-file", variables.toString()), Map.of());
  }

  @Test
  @DisplayName("all in force ends with 0 and marks the revision; a job nobody understands with 1")
  void git() throws Exception {
    GitRepo master = lab.git();
    String first = master.write("kmi/layers/sites.old.json", CloneLab.GONE).commit("gone");
    Path variables = lab.variables("git", master.folder().toString());

    CloneLab.Ended well = sync(variables);
    assertThat(well.said()).contains("feeds/replica: ", "mark done");
    assertThat(well.exit()).as(well.said()).isZero();
    assertThat(applied(master)).isEqualTo(first);
    CloneLab.Ended again = sync(variables);
    assertThat(again.exit()).as(again.said()).isZero();
    assertThat(again.said()).doesNotContain("mark done");

    master.write("kmi/layers/sites.bad.json", CloneLab.BROKEN).commit("bad");
    CloneLab.Ended ill = sync(variables);
    assertThat(ill.exit()).as(ill.said()).isEqualTo(1);
    assertThat(ill.said()).contains("not in force: layer/sites.bad");
    assertThat(applied(master)).isEqualTo(first);
  }

  private String applied(GitRepo master) throws Exception {
    CloneLab.Ended ref =
        lab.run(
            List.of(
                "/usr/bin/git", "-C", lab.copy().toString(), "rev-parse", "refs/cotidal/applied"),
            Map.of());
    assertThat(master.head()).isNotEmpty();
    return ref.said().strip();
  }

  @Test
  @DisplayName("while a daemon has the store, sync and run are refused with 5, and say why")
  void refused() throws Exception {
    GitRepo master = lab.git();
    master.write("kmi/layers/sites.old.json", CloneLab.GONE).commit("gone");
    Path variables = lab.variables("git", master.folder().toString());
    Path lock = lab.folder.resolve("var/cotidal.db.lock");
    Files.createDirectories(lock.getParent());
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      assertThat(held.isValid()).isTrue();
      for (String verb : List.of("sync", "run")) {
        CloneLab.Ended ended =
            lab.run(CloneLab.cot("feed", verb, "--env-file", variables.toString()), Map.of());
        assertThat(ended.exit()).as(ended.said()).isEqualTo(5);
        assertThat(ended.said()).contains("another instance works with this store (" + lock + ")");
      }
    }
  }

  @Test
  @DisplayName(
      "feeds/S6: within Mercurial's hook: a pass that fails takes the commits back, a good one keeps them")
  void hook() throws Exception {
    HgRepo master = lab.hg();
    master.write("kmi/layers/sites.old.json", CloneLab.GONE).commit("gone");
    hg("clone", "--noupdate", master.folder().toString(), lab.copy().toString());
    Path variables = lab.variables("hg", "");
    CloneLab.Ended installed =
        lab.run(
            CloneLab.cot(
                "feed",
                "hook",
                "install",
                lab.copy().toString(),
                "--env-file",
                variables.toString(),
                "--program",
                lab.program().toString()),
            Map.of());
    assertThat(installed.exit()).as(installed.said()).isZero();
    assertThat(installed.said()).contains("the hook is in .hg/hgrc");

    String before = tip();
    master.write("kmi/layers/sites.bad.json", CloneLab.BROKEN).commit("bad");
    CloneLab.Ended ill = hg("-R", lab.copy().toString(), "pull");
    assertThat(ill.exit()).as(ill.said()).isNotZero();
    assertThat(ill.said()).contains("not in force: layer/sites.bad", "rollback completed");
    assertThat(tip()).isEqualTo(before);

    master.remove("kmi/layers/sites.bad.json").commit("good again");
    CloneLab.Ended well = hg("-R", lab.copy().toString(), "pull");
    assertThat(well.exit()).as(well.said()).isZero();
    assertThat(tip()).isNotEqualTo(before);
  }

  private String tip() throws Exception {
    return hg("-R", lab.copy().toString(), "log", "-r", "tip", "-T", "{node}").said();
  }

  private CloneLab.Ended hg(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("/usr/bin/hg"));
    command.addAll(List.of(words));
    return lab.run(command, HgRepo.ENVIRONMENT);
  }
}
