package io.cotidal.feeds.repository;

import static io.cotidal.feeds.repository.Rig.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.feeds.spec.FeedsSpec.Tool;
import io.cotidal.lab.GitRepo;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@DisplayName("A state repository in Git that is not to be trusted")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class GitSuspicionIT {
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

  private static RepositoryException failure(Repository repository) {
    RepositoryException failure =
        catchThrowableOfType(RepositoryException.class, () -> repository.pull(soon()));
    assertThat(failure).isNotNull();
    assertThat(failure.getMessage()).doesNotContain("\n");
    return failure;
  }

  @Test
  @DisplayName("has its links, parts and odd names refused by name, and the rest is read")
  void hostileNames() throws Exception {
    GitRepo master = master();
    Files.writeString(rig.folder.resolve("secret"), "canary");
    master.write("k/-x.json", "dash").write("k/a b\"ü'$(x).json", "odd");
    master.write("k/line\nbreak.json", "no").write("--output=x.json", "option");
    String part = master.link("k/link.json", rig.folder.resolve("secret").toString()).commit("1");
    master.run("update-index", "--add", "--cacheinfo", "160000," + part + ",code.json");
    master.run("commit", "--quiet", "-m", "a part");
    Repository replica = rig.open(rig.place(Tool.GIT, master.folder().toString()));
    String head = replica.pull(soon()).head();
    Contents contents =
        new JobFiles(replica, Limits.USUAL).of(head, path -> path.endsWith(".json"), soon());
    assertThat(contents.files())
        .containsOnlyKeys("--output=x.json", "k/-x.json", "k/a b\"ü'$(x).json");
    assertThat(contents.refused())
        .containsOnlyKeys("code.json", "k/line?break.json", "k/link.json");
  }

  @Test
  @DisplayName("with a path that leaves its folder is not taken at all")
  void dotdot() throws Exception {
    GitRepo master = master();
    String good = master.write("a.json", "1").commit("one");
    Repository replica = rig.open(rig.place(Tool.GIT, master.folder().toString()));
    replica.pull(soon());
    String blob = master.fed("x", "hash-object", "-w", "--stdin").strip();
    String tree = tree(master, "100644 x.json", blob);
    String root = tree(master, "40000 ..", tree);
    String commit = master.run("commit-tree", "-p", good, "-m", "out", root).strip();
    master.run("update-ref", "refs/heads/main", commit);
    assertThat(failure(replica).kind()).isEqualTo(Kind.BROKEN);
    assertThat(replica.known().orElseThrow().head()).isEqualTo(good);
  }

  private static String tree(GitRepo master, String head, String id) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes((head + "\0").getBytes(UTF_8));
    bytes.writeBytes(HexFormat.of().parseHex(id));
    return master
        .fed(bytes.toByteArray(), "hash-object", "-t", "tree", "--literally", "-w", "--stdin")
        .strip();
  }

  @Test
  @DisplayName("lets in what its signers signed, and names the commit that they did not sign")
  void signatures() throws Exception {
    Path key = key("signer");
    Path other = key("other");
    Path signers = rig.fresh("signers");
    Files.writeString(signers, "lab@example.org " + Files.readString(Path.of(key + ".pub")));
    GitRepo master = master();
    master.write("a.json", "0").commit("before anybody signed");
    String first = master.write("a.json", "1").signed("one", key);
    Place place = Rig.signed(rig.place(Tool.GIT, master.folder().toString()), signers);
    Repository replica = rig.open(place);
    assertThat(replica.pull(soon()).head()).isEqualTo(first);
    String unsigned = master.write("a.json", "2").commit("two");
    assertThat(failure(replica)).hasMessageContaining(unsigned + " is not signed");
    String covered = master.write("a.json", "3").signed("three", key);
    RepositoryException hidden = failure(replica);
    assertThat(hidden.kind()).isEqualTo(Kind.REFUSED);
    assertThat(hidden).hasMessageContaining(unsigned).hasMessageNotContaining(covered);
    assertThat(replica.known().orElseThrow().head()).isEqualTo(first);
    master.run("reset", "--quiet", "--hard", first);
    String stranger = master.write("a.json", "4").signed("four", other);
    assertThat(failure(replica)).hasMessageContaining(stranger + " is signed by somebody");
    Files.writeString(signers, "lab@example.org " + Files.readString(Path.of(other + ".pub")));
    assertThat(replica.pull(soon()).head()).isEqualTo(stranger);
    Files.delete(signers);
    master.write("a.json", "5").signed("five", other);
    assertThat(failure(replica)).hasMessageContaining("cannot be read");
    assertThat(rig.open(place).known()).isEmpty();
  }

  private Path key(String name) throws Exception {
    Path file = rig.fresh(name);
    Process made =
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();
    return file;
  }
}
